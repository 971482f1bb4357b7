import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_RULES } from './rules.ts';
import { runLog } from './testing/history.ts';
import { MemoryState } from './testing/memory-state.ts';
import { partitionIn, partitionOf } from './testing/partitions.ts';
import { arrive, drafts, observations, send } from './testing/random-log.ts';
import { resolveLog } from './testing/reference/partition.ts';
import { LATEST_RULES, TIGHT_RULES } from './testing/tight-rules.ts';

const isLong = process.env.TEMAS_LONG === '1';
const numRuns = isLong ? 80_000 : 500;

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

describe('the incremental engine equals the batch reference', () => {
  it.each([
    ['observations, tight limits', observations, TIGHT_RULES],
    ['observations, default limits', observations, DEFAULT_RULES],
    ['with commands and erasures, tight limits', drafts, TIGHT_RULES],
    ['with commands and erasures, default limits', drafts, DEFAULT_RULES],
    ['with commands and erasures, the latest e-mail stands', drafts, LATEST_RULES],
  ])(
    '%s',
    async (_, logs, rules) => {
      await fc.assert(
        fc.asyncProperty(logs, sizes, async (all, cut) => {
          const log = arrive(send(all));
          const store = new MemoryState();
          await runLog(store, log, cut, rules);
          expect(partitionIn(store)).toEqual(partitionOf(resolveLog(log, rules)));
        }),
        { numRuns, ...(isLong ? {} : { seed: 7 }) },
      );
    },
    isLong ? 3_600_000 : 30_000,
  );
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeRuleChanges } from './judge-rule-changes.ts';
import { rulesOf, type NamespaceChange, type RuleChanges } from './rule-changes.ts';
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

const change: fc.Arbitrary<NamespaceChange> = fc.record(
  {
    class: fc.constantFrom('unique' as const, 'contact' as const, 'device' as const),
    limit: fc.integer({ min: 1, max: 6 }),
    quarantineAt: fc.option(fc.integer({ min: 1, max: 4 })),
    conflictPolicy: fc.constantFrom('earliest' as const, 'latest' as const),
  },
  { requiredKeys: [] },
);
/** Rules as somebody may publish them, with the small numbers that a few dozen observations reach. */
const changes: fc.Arbitrary<RuleChanges> = fc.record(
  {
    namespaces: fc.dictionary(
      fc.constantFrom('user_id', 'crm_id', 'email', 'phone', 'device_id', 'anonymous_id'),
      change,
      { maxKeys: 4 },
    ),
    maxMembers: fc.integer({ min: 2, max: 9 }),
    floodAt: fc.record({ contact: fc.constant(10), device: fc.constant(10) }, { requiredKeys: [] }),
    blocked: fc.subarray(['u1', 'c1', 'e1', 'e2', 'p1', 'd1', 'a1'], { minLength: 1 }),
  },
  { requiredKeys: ['blocked'] },
) as unknown as fc.Arbitrary<RuleChanges>;

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
    isLong ? 3_600_000 : 120_000,
  );

  it(
    'under any rules that can be published, blocked identifiers among them',
    async () => {
      await fc.assert(
        fc.asyncProperty(drafts, sizes, changes, async (all, cut, given) => {
          // Refs of specs are names; all else is as the door takes it.
          expect(judgeRuleChanges({ ...given, blocked: [] })).toMatchObject({ outcome: 'valid' });
          const [log, rules, store] = [arrive(send(all)), rulesOf(given, 1), new MemoryState()];
          await runLog(store, log, cut, rules);
          const expected = resolveLog(log, rules);
          expect(partitionIn(store)).toEqual(partitionOf(expected));
          const forced = new Set(expected.operators.forced.flat());
          for (const ref of rules.blocked)
            if (!forced.has(ref)) expect(expected.groups.get(ref)?.size ?? 1).toBe(1);
        }),
        { numRuns, ...(isLong ? {} : { seed: 7 }) },
      );
    },
    isLong ? 3_600_000 : 120_000,
  );
});

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { uuidV5, type EventId, type Position, type Ref, type SourceName } from '#kernel';
import type { NamespaceRules, Strength } from '#touchpoint';
import type { IdentityRules } from './rules.ts';
import { asLog, WORKSPACE } from './testing/history.ts';
import { partitionOf } from './testing/partitions.ts';
import { resolveLog } from './testing/reference/partition.ts';

/** The research prototype of R2–R6, which lies beside the repository where the rule set does. */
const PROTOTYPE = fileURLToPath(
  new URL('../../../../shared/reference/prototypes/identity-resolve.mjs', import.meta.url),
);
const isThere = existsSync(PROTOTYPE);
const numRuns = process.env.TEMAS_LONG === '1' ? 20_000 : 500;

interface Prototype {
  readonly CFG: {
    readonly ns: Record<
      string,
      { cls: NamespaceRules['class']; prio: number; limit: number; quarantine: number }
    >;
    readonly maxIds: number;
  };
  readonly resolve: (
    cfg: unknown,
    seen: readonly { ids: readonly string[]; strength: number; at: number }[],
  ) => { comp: Map<string, Set<string>>; Q: Set<string>; shared: Set<string>; all: Set<string> };
}

if (!isThere)
  process.stderr.write('\n*** NOT CHECKED: the prototype of R2–R6 beside the checkout is absent ***\n');

const name = fc
  .tuple(
    fc.constantFrom('user', 'user', 'crm', 'email', 'email', 'phone', 'idfa', 'anon', 'anon'),
    fc.integer({ min: 1, max: 7 }),
  )
  .map(([ns, number]) => `${ns}:${number}`);
/** Sorted ids and times of their own: where the prototype breaks ties by name, κ of the design breaks them alike. */
const seen = fc.record({
  ids: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).map((ids) => ids.sort()),
  strength: fc.constantFrom<Strength>(0, 1, 2),
});
const pasts = fc.array(seen, { minLength: 1, maxLength: 40 }).chain((all) =>
  fc
    .shuffledSubarray(
      all.map((_, i) => i),
      { minLength: all.length },
    )
    .map((order) => all.map((one, i) => ({ ...one, at: order[i] as number }))),
);

(isThere ? describe : describe.skip)('the batch reference equals the prototype of R2–R6', () => {
  it.each([1, 2, 5])('with contact limits of %s', async (limit) => {
    const { CFG, resolve } = (await import(PROTOTYPE)) as Prototype;
    const ns = Object.fromEntries(
      Object.entries(CFG.ns).map(([key, one]) => {
        if (one.cls === 'unique') return [key, one];
        return [key, { ...one, limit: one.cls === 'contact' ? limit : limit + 1, quarantine: limit + 2 }];
      }),
    );
    const maxIds = limit === 5 ? CFG.maxIds : 7;
    const rules: IdentityRules = {
      namespace: (key) => {
        const { cls, prio, quarantine, limit: most } = ns[key] as (typeof CFG.ns)[string];
        return { class: cls, priority: prio, limit: most, quarantineAt: quarantine };
      },
      version: 0,
      blocked: new Set(),
      traits: {},
      maxMembers: maxIds,
      floodAt: { unique: Infinity, contact: Infinity, device: Infinity },
    };
    fc.assert(
      fc.property(pasts, (past) => {
        const theirs = resolve({ ...CFG, ns, maxIds }, past);
        const log = asLog(
          past.map(({ ids, strength, at }, i) => ({
            workspace: WORKSPACE,
            source: 'web' as SourceName,
            eventId: uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', `event ${i}`) as EventId,
            position: BigInt(i + 1) as Position,
            at,
            index: 0,
            refs: ids.map((id) => ({ ns: id.split(':')[0] as string, ref: id as Ref, strength })),
          })),
        );
        const ours = resolveLog(log, rules);
        const groups = [...new Set(theirs.comp.values())].map((group) => [...group].sort().join(' '));
        expect(partitionOf(ours)).toEqual([...new Set(groups)].sort());
        expect(ours.quarantined).toEqual(theirs.Q);
        expect(ours.shared).toEqual(theirs.shared);
      }),
      { numRuns },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProfileId, Ref } from '#kernel';
import { PROFILES, isAlias } from '../identity-rows.ts';
import { pairKey } from '../star-edges.ts';
import { runLog } from '../testing/history.ts';
import { MemoryState } from '../testing/memory-state.ts';
import { arrive, drafts, send } from '../testing/random-log.ts';
import { LATEST_RULES, TIGHT_RULES } from '../testing/tight-rules.ts';
import { resolveWithout, type Case } from './case.ts';
import { explainer } from './explainer.ts';
import type { HeldLink, NamedRef, Undoing } from './explanation.types.ts';
import { readCase } from './read-case.ts';

const isLong = process.env.TEMAS_LONG === '1';
const options = { numRuns: isLong ? 10_000 : 80, ...(isLong ? {} : { seed: 8 }) };

function livingIn({ rows }: MemoryState): ProfileId[] {
  return [...rows]
    .filter(([address, bytes]) => address.startsWith('i.prof/') && !isAlias(PROFILES.decode(bytes)))
    .map(([address]) => address.slice('i.prof/'.length) as ProfileId);
}

/** The latest event time of random histories. */
const LAST = 12 * 32_400_000;

/** True if the rules still hold the two together without these. */
function together(of: Case, a: Ref, b: Ref, { links, orders }: Undoing): boolean {
  const gone = new Set(links.map(({ from, to }) => pairKey(from.ref, to.ref)));
  const { resolution } = resolveWithout(
    of,
    ({ centre, other }) => gone.has(pairKey(centre, other)),
    ({ command }) => orders.includes(command.eventId),
  );
  return resolution.components.some(({ members }) => members.includes(a) && members.includes(b));
}

function without<T>(items: readonly T[], i: number): T[] {
  return items.filter((_, place) => place !== i);
}

describe.each([
  ['the first links stand', TIGHT_RULES],
  ['the latest e-mail stands', LATEST_RULES],
])('explanations of random histories where %s', (_, rules) => {
  it(
    'hold every profile together, by something that was said or ordered, and name no other identifier',
    () =>
      fc.assert(
        fc.asyncProperty(drafts, async (all) => {
          const store = new MemoryState();
          await runLog(store, arrive(send(all)), [5], rules);
          for (const id of livingIn(store)) {
            const explanation = await explainer(store, rules).profile(id);
            if (explanation === undefined) throw new Error('a living profile has an explanation');
            const { identifiers, links, refused } = explanation;
            const members = new Set(identifiers.map(({ ref }) => ref));
            const ends = new Set([...members, ...links.flatMap(({ from, to }) => [from.ref, to.ref])]);
            expect(links.filter(({ joins }) => joins)).toHaveLength(ends.size - 1);
            const isHere = ({ ns, ref }: NamedRef) => members.has(ref) || ns === '';
            const grounded = ({ from, to, sayings, order }: HeldLink) =>
              isHere(from) && isHere(to) && sayings.length > 0 !== (order !== undefined);
            expect(links.every(grounded)).toBe(true);
            const times = [
              ...links.flatMap(({ sayings }) => sayings),
              ...refused.map(({ saying }) => saying),
            ];
            expect(times.every(({ at }) => at >= 0 && at <= LAST)).toBe(true);
            expect(refused.every(({ from, to }) => members.has(from.ref) && !members.has(to.ref))).toBe(true);
          }
        }),
        options,
      ),
    isLong ? 3_600_000 : 120_000,
  );

  it(
    'tell what parts two identifiers, and nothing that is not needed for it',
    () =>
      fc.assert(
        fc.asyncProperty(drafts, fc.nat(), fc.nat(), async (all, x, y) => {
          const store = new MemoryState();
          await runLog(store, arrive(send(all)), [5], rules);
          const people = explainer(store, rules);
          for (const id of livingIn(store)) {
            const refs = (await people.profile(id))?.identifiers.map(({ ref }) => ref) ?? [];
            const [a, b] = [refs[x % refs.length], refs[y % refs.length]] as [Ref, Ref];
            if (a === b) continue;
            const relation = (await people.pair(a, b))?.relation;
            if (relation?.outcome !== 'together') throw new Error('one profile holds both');
            const ends = relation.path.flatMap(({ from, to }) => [from.ref, to.ref]);
            expect(ends).toEqual(expect.arrayContaining([a, b]));
            const { undoing } = relation;
            const found = await readCase(store, rules, [a, b]);
            expect(together(found, a, b, undoing)).toBe(false);
            undoing.links.forEach((_, i) =>
              expect(together(found, a, b, { ...undoing, links: without(undoing.links, i) })).toBe(true),
            );
            undoing.orders.forEach((_, i) =>
              expect(together(found, a, b, { ...undoing, orders: without(undoing.orders, i) })).toBe(true),
            );
          }
        }),
        options,
      ),
    isLong ? 3_600_000 : 120_000,
  );
});

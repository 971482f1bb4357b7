import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NIL_PROFILE, type ProfileId, type Ref } from '#kernel';
import { namespaceRules } from '#touchpoint';
import { isAlias, PROFILES, REFS, type ProfileRow } from './identity-rows.ts';
import type { IdentityStep, Observation } from './identity.types.ts';
import { history, mapFromDecisions, run } from './testing/history.ts';
import { MemoryState } from './testing/memory-state.ts';

const numRuns = process.env.TEMAS_LONG === '1' ? 3_000 : 150;

/** Few identifiers, so that conflicts are common: users and CRM rows share mails, phones and devices. */
const name = fc
  .tuple(fc.constantFrom('u', 'u', 'c', 'e', 'e', '~e', 'p', 'd', 'a', 'a'), fc.integer({ min: 1, max: 7 }))
  .map(([letter, number]) => `${letter}${number}`);
const line = fc
  .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 15 }))
  .map(([names, nobody]) => (nobody === 0 ? ['x1', ...names] : names).join(' '));
const pasts = fc.array(line, { minLength: 1, maxLength: 40 }).map((lines) => history(...lines));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

interface Rows {
  readonly map: Map<Ref, ProfileId>;
  readonly profiles: Map<ProfileId, ProfileRow>;
  readonly aliases: Map<ProfileId, ProfileId>;
  readonly published: Map<ProfileId, number>;
}

function rowsOf({ rows }: MemoryState): Rows {
  const found: Rows = { map: new Map(), profiles: new Map(), aliases: new Map(), published: new Map() };
  for (const [address, bytes] of rows) {
    const [collection, key] = address.split('/') as [string, string];
    if (collection === REFS.name) found.map.set(key as Ref, REFS.decode(bytes).profileId);
    if (collection !== PROFILES.name) continue;
    const row = PROFILES.decode(bytes);
    found.published.set(key as ProfileId, row.published);
    if (isAlias(row)) found.aliases.set(key as ProfileId, row.alias);
    else found.profiles.set(key as ProfileId, row);
  }
  return found;
}

/** Folds one observation after the other and looks at the state after each. */
async function watch(
  past: readonly Observation[],
  look: (now: Rows, before: Rows, step: IdentityStep, observation: Observation) => void,
): Promise<void> {
  const store = new MemoryState();
  let before = rowsOf(store);
  for (const observation of past) {
    const [step] = await run(store, [observation]);
    const now = rowsOf(store);
    look(now, before, step as IdentityStep, observation);
    before = now;
  }
}

describe('in every reachable state', () => {
  it('each identifier is in exactly one living profile and limits hold', async () => {
    await fc.assert(
      fc.asyncProperty(pasts, (past) =>
        watch(past, ({ map, profiles }) => {
          const members = [...profiles].flatMap(([id, row]) =>
            row.members.map(([, ref]) => [ref, id] as const),
          );
          expect(new Map(members)).toEqual(map);
          expect(members).toHaveLength(map.size);
          for (const row of profiles.values()) {
            expect(row.members.length).toBeGreaterThan(0);
            const counts = new Map<string, number>();
            for (const [ns] of row.members) counts.set(ns, (counts.get(ns) ?? 0) + 1);
            for (const [ns, count] of counts) expect(count).toBeLessThanOrEqual(namespaceRules(ns).limit);
          }
        }),
      ),
      { numRuns },
    );
  });

  it('every id ever issued leads to a living profile in one hop', async () => {
    await fc.assert(
      fc.asyncProperty(pasts, (past) =>
        watch(past, ({ profiles, aliases }, before) => {
          for (const target of aliases.values()) expect(profiles.has(target)).toBe(true);
          for (const id of before.published.keys()) expect(profiles.has(id) || aliases.has(id)).toBe(true);
        }),
      ),
      { numRuns },
    );
  });

  it('moves and first assignments explain the map, and the anchor’s profile is the touchpoint’s', async () => {
    await fc.assert(
      fc.asyncProperty(pasts, (past) =>
        watch(past, ({ map, profiles, aliases }, before, step, { refs }) => {
          const told = new Map(before.map);
          for (const { ref, from, to } of step.moved) {
            expect(told.get(ref)).toBe(from);
            told.set(ref, to);
          }
          for (const [ref, profileId] of map) {
            if (before.map.has(ref)) continue;
            expect(refs.map((one) => one.ref)).toContain(ref);
            expect(step.changed).toContain(profileId);
            told.set(ref, profileId);
          }
          expect(told).toEqual(map);
          const touched = [...new Set([...map, ...before.map])].filter(
            ([ref]) => map.get(ref) !== before.map.get(ref),
          );
          for (const [, profileId] of touched) expect(step.changed).toContain(profileId);
          for (const [id, target] of aliases)
            if (before.aliases.get(id) !== target) expect(step.changed).toContain(id);
          expect(step.profileId === NIL_PROFILE || profiles.has(step.profileId)).toBe(true);
        }),
      ),
      { numRuns },
    );
  });
});

describe('over a whole history', () => {
  it('cutting it into blocks of any sizes changes neither steps nor state', async () => {
    await fc.assert(
      fc.asyncProperty(pasts, sizes, async (past, cut) => {
        const [whole, parts] = [new MemoryState(), new MemoryState()];
        expect(await run(parts, past, cut)).toEqual(await run(whole, past));
        expect(new Map([...parts.rows].sort())).toEqual(new Map([...whole.rows].sort()));
      }),
      { numRuns },
    );
  });

  it('telling it again decides the same, with ids of its own for each decision', async () => {
    await fc.assert(
      fc.asyncProperty(pasts, async (past) => {
        const store = new MemoryState();
        const steps = await run(store, past);
        expect(JSON.stringify(await run(new MemoryState(), past), text)).toBe(JSON.stringify(steps, text));
        const ids = steps.flatMap(({ decisions }) => decisions.map(({ decisionId }) => decisionId));
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns },
    );
  });

  it('an observation delivered twice changes nothing more', async () => {
    await fc.assert(
      fc.asyncProperty(pasts, async (past) => {
        const steps = await run(
          new MemoryState(),
          past.flatMap((one) => [one, one]),
          [4],
        );
        for (let i = 1; i < steps.length; i += 2) expect(steps[i]).toMatchObject({ moved: [], changed: [] });
      }),
      { numRuns },
    );
  });

  it('the decisions alone tell the map', async () => {
    await fc.assert(
      fc.asyncProperty(pasts, async (past) => {
        const store = new MemoryState();
        expect(mapFromDecisions(await run(store, past))).toEqual(rowsOf(store).map);
      }),
      { numRuns },
    );
  });

  it('each stream is published from revision 0 without a gap, and only of profiles with more than devices', async () => {
    await fc.assert(
      fc.asyncProperty(pasts, async (past) => {
        const store = new MemoryState();
        const next = new Map<string, number>();
        for (const { decisions } of await run(store, past, [3])) {
          decisions.forEach((decision, n) => {
            expect(decision.n).toBe(n);
            if (decision.publish === undefined) return;
            const { stream, revision } = decision.publish;
            expect(stream).toBe(`profile-default.${decision.profileId}`);
            expect(revision).toBe(next.get(decision.profileId) ?? 0);
            if (revision === 0) expect(['ProfileCreated', 'ProfileIdentified']).toContain(decision.kind);
            next.set(decision.profileId, revision + 1);
          });
        }
        const { published, profiles } = rowsOf(store);
        for (const [id, count] of published) expect(count).toBe(next.get(id) ?? 0);
        for (const [id, { members }] of profiles) {
          expect(next.has(id)).toBe(members.some(([ns]) => namespaceRules(ns).class !== 'device'));
        }
      }),
      { numRuns },
    );
  });
});

function text(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NIL_PROFILE, type Ref } from '#kernel';
import type { IdentityStep } from './identity.types.ts';
import { runLog, mapFromDecisions } from './testing/history.ts';
import { MemoryState } from './testing/memory-state.ts';
import { partitionIn } from './testing/partitions.ts';
import { arrive, drafts, observations, send } from './testing/random-log.ts';
import type { Entry } from './testing/reference/entries.ts';
import { resolveLog } from './testing/reference/partition.ts';
import { rowsOf, type Rows } from './testing/state-rows.ts';
import { TIGHT_RULES as rules } from './testing/tight-rules.ts';

const isLong = process.env.TEMAS_LONG === '1';
const numRuns = isLong ? 20_000 : 150;
// The ordinary run repeats the same histories; the long one draws new ones each time.
const SEED = isLong ? {} : { seed: 7 };
const timeout = isLong ? 3_600_000 : 120_000;

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const logs = drafts.map((all) => arrive(send(all)));

/** Folds one entry after the other and looks at the state after each. */
async function watch(
  log: readonly Entry[],
  look: (now: Rows, before: Rows, step: IdentityStep, entry: Entry, place: number) => void,
): Promise<void> {
  const store = new MemoryState();
  let before = rowsOf(store);
  for (const [place, entry] of log.entries()) {
    const [step] = await runLog(store, [entry], [1], rules);
    const now = rowsOf(store);
    look(now, before, step as IdentityStep, entry, place);
    before = now;
  }
}

const forAll = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>, times = numRuns) =>
  fc.assert(fc.asyncProperty(arbitrary, check), { numRuns: times, ...SEED });

describe('in every reachable state', () => {
  it(
    'each identifier is in exactly one living profile, and no profile is empty',
    () =>
      forAll(logs, (log) =>
        watch(log, ({ map, profiles }) => {
          const members = [...profiles].flatMap(([id, row]) =>
            row.members.map(([, ref]) => [ref, id] as const),
          );
          expect(new Map(members)).toEqual(map);
          expect(members).toHaveLength(map.size);
          for (const row of profiles.values()) expect(row.members.length).toBeGreaterThan(0);
        }),
      ),
    timeout,
  );

  it(
    'without an operator’s merges, limits and the size of profiles hold',
    () =>
      forAll(logs, (log) => {
        const merges = (entry: Entry) => entry.kind === 'command' && entry.command.kind === 'force_merge';
        return watch(
          log.filter((entry) => !merges(entry)),
          ({ profiles }) => {
            for (const { members } of profiles.values()) {
              expect(members.length).toBeLessThanOrEqual(rules.maxMembers);
              const counts = new Map<string, number>();
              for (const [ns] of members) counts.set(ns, (counts.get(ns) ?? 0) + 1);
              for (const [ns, count] of counts) expect(count).toBeLessThanOrEqual(rules.namespace(ns).limit);
            }
          },
        );
      }),
    timeout,
  );

  it(
    'every id ever issued leads to a living profile in one hop',
    () =>
      forAll(logs, (log) =>
        watch(log, ({ profiles, aliases }, before) => {
          for (const target of aliases.values()) expect(profiles.has(target)).toBe(true);
          for (const [id, { aliases: known }] of profiles) {
            expect([...known].sort()).toEqual(
              [...aliases].flatMap(([alias, target]) => (target === id ? alias : [])).sort(),
            );
          }
          for (const id of before.published.keys()) expect(profiles.has(id) || aliases.has(id)).toBe(true);
        }),
      ),
    timeout,
  );

  it(
    'moves and first assignments explain the map, and the anchor’s profile is the touchpoint’s',
    () =>
      forAll(logs, (log) =>
        watch(log, ({ map, profiles, aliases }, before, step, entry) => {
          const told = new Map(before.map);
          expect(new Set(step.moved.map(({ ref }) => ref)).size).toBe(step.moved.length);
          for (const { ref, from, to } of step.moved) {
            expect(told.get(ref)).toBe(from);
            told.set(ref, to);
          }
          for (const [ref, profileId] of map) {
            if (before.map.has(ref)) continue;
            expect(entry.kind === 'observation' && entry.observation.refs.map((one) => one.ref)).toContain(
              ref,
            );
            told.set(ref, profileId);
          }
          expect(told).toEqual(map);
          for (const [ref, profileId] of map) {
            if (profileId === before.map.get(ref)) continue;
            expect(step.changed).toContain(profileId);
            if (before.map.has(ref)) expect(step.changed).toContain(before.map.get(ref));
          }
          for (const [id, target] of aliases)
            if (before.aliases.get(id) !== target) expect(step.changed).toContain(id);
          expect(step.profileId === NIL_PROFILE || profiles.has(step.profileId)).toBe(true);
        }),
      ),
    timeout,
  );

  it(
    'links hold profiles together, each of an observation; none is left out that could hold; no weak bridge',
    () =>
      forAll(logs, (log) =>
        watch(log, ({ map, profiles, refs }, _, __, ___, place) => {
          const { edges, operators, quarantined, shared } = resolveLog(log.slice(0, place + 1), rules);
          const held = new Map<Ref, Set<Ref>>();
          const hold = (a: Ref, b: Ref) => held.set(a, (held.get(a) ?? new Set()).add(b));
          const accepted = edges.filter((edge) => edge.accepted);
          for (const [a, b] of [...operators.forced, ...accepted.map((edge) => [edge.a, edge.b] as const)]) {
            hold(a, b);
            hold(b, a);
          }
          // Soundness: a path of accepted links through each profile.
          for (const { members } of profiles.values()) {
            const reached = new Set<Ref>();
            const open = [members[0]?.[1] as Ref];
            for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
              if (reached.has(ref)) continue;
              reached.add(ref);
              open.push(...(held.get(ref) ?? []));
            }
            expect([...reached].filter((ref) => map.has(ref)).sort()).toEqual(
              members.map(([, ref]) => ref).sort(),
            );
          }
          // An accepted link is inside a profile, a refused one between two.
          for (const { a, b, accepted: stands } of edges) expect(map.get(a) === map.get(b)).toBe(stands);
          for (const [a, b] of operators.forbidden)
            expect(map.has(a) && map.get(a) === map.get(b)).toBe(false);
          for (const [a, b] of operators.forced) {
            if (map.has(a) && map.has(b)) expect(map.get(a)).toBe(map.get(b));
          }
          const forced = new Set(operators.forced.flat());
          for (const [ref, row] of refs) {
            expect(row.shared === true).toBe(shared.has(ref));
            const alone = (shared.has(ref) || quarantined.has(ref)) && !forced.has(ref);
            if (alone && row.profileId !== undefined)
              expect(profiles.get(row.profileId)?.members).toHaveLength(1);
          }
        }),
      ),
    timeout,
  );

  it(
    'nothing but a mark on a profile tells an observation from one delivered before',
    () =>
      forAll(logs, async (log) => {
        const store = new MemoryState();
        for (const entry of log) {
          await runLog(store, [entry], [1], rules);
          const before = new Map(store.rows);
          const [again] = await runLog(store, [entry], [1], rules);
          expect(again).toMatchObject({ moved: [], changed: [] });
          expect(again?.decisions.filter(({ rule }) => rule !== 'R3')).toEqual([]);
          expect(store.rows).toEqual(before);
        }
      }),
    timeout,
  );
});

describe('over a whole log', () => {
  it(
    'any order of the same observations gives the same partition',
    () =>
      forAll(
        observations.chain((all) =>
          fc.tuple(
            fc.constant(send(all)),
            fc.array(fc.shuffledSubarray(send(all), { minLength: all.length }), {
              minLength: 3,
              maxLength: 3,
            }),
            fc.subarray(send(all)),
          ),
        ),
        async ([sent, orders, twice]) => {
          const partition = async (log: readonly Entry[]) => {
            const store = new MemoryState();
            await runLog(store, log, [5], rules);
            return partitionIn(store);
          };
          const expected = await partition(arrive(sent));
          for (const order of orders) expect(await partition(arrive([...order, ...twice]))).toEqual(expected);
        },
        isLong ? 80_000 : 2_000,
      ),
    timeout,
  );

  it(
    'cutting it into blocks of any sizes changes neither steps nor state',
    () =>
      forAll(fc.tuple(logs, sizes), async ([log, cut]) => {
        const [whole, parts] = [new MemoryState(), new MemoryState()];
        expect(await runLog(parts, log, cut, rules)).toEqual(await runLog(whole, log, undefined, rules));
        expect(new Map([...parts.rows].sort())).toEqual(new Map([...whole.rows].sort()));
      }),
    timeout,
  );

  it(
    'telling it again decides the same, with ids of its own for each decision',
    () =>
      forAll(logs, async (log) => {
        const steps = await runLog(new MemoryState(), log, [4], rules);
        const again = await runLog(new MemoryState(), log, [7], rules);
        expect(JSON.stringify(again, text)).toBe(JSON.stringify(steps, text));
        const ids = steps.flatMap(({ decisions }) => decisions.map(({ decisionId }) => decisionId));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    timeout,
  );

  it(
    'the decisions alone tell the map',
    () =>
      forAll(logs, async (log) => {
        const store = new MemoryState();
        expect(mapFromDecisions(await runLog(store, log, [4], rules))).toEqual(rowsOf(store).map);
      }),
    timeout,
  );

  it(
    'each stream is published from revision 0 without a gap, and begins when more than devices are known',
    () =>
      forAll(logs, async (log) => {
        const store = new MemoryState();
        const next = new Map<string, number>();
        for (const { decisions } of await runLog(store, log, [3], rules)) {
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
        for (const [id, { members }] of profiles)
          if (members.some(([ns]) => rules.namespace(ns).class !== 'device')) expect(next.has(id)).toBe(true);
      }),
    timeout,
  );

  it(
    'undoing a command restores the partition',
    () =>
      forAll(fc.tuple(observations, drafts), async ([all, more]) => {
        const base = send(all);
        const command = send([
          ...all,
          ...more.filter(({ kind }) => kind !== 'seen' && kind !== 'erase' && kind !== 'undo'),
        ]).slice(all.length, all.length + 1);
        const undo = send([...all, ...more, { kind: 'undo', ago: 1 }]).slice(-1);
        const [plain, undone] = [new MemoryState(), new MemoryState()];
        await runLog(plain, arrive(base), [6], rules);
        await runLog(undone, arrive([...base, ...command, ...(command.length > 0 ? undo : [])]), [6], rules);
        expect(partitionIn(undone)).toEqual(partitionIn(plain));
      }),
    timeout,
  );

  it(
    'what a forced merge united and its undoing parts has the profiles it had, and nothing else is touched',
    () =>
      forAll(fc.tuple(observations, fc.nat(), fc.nat()), async ([all, left, right]) => {
        const store = new MemoryState();
        const sent = send(all);
        await runLog(store, arrive(sent), [6], rules);
        const before = rowsOf(store);
        const refs = [...before.map.keys()].sort();
        if (refs.length === 0) return;
        const names = [refs[left % refs.length] as string, refs[right % refs.length] as string];
        const log = arrive([
          ...sent,
          ...send([...all, { kind: 'force_merge', names }, { kind: 'undo', ago: 1 }]).slice(all.length),
        ]).slice(all.length);
        const united = await runLog(store, log.slice(0, 1), [1], rules);
        await runLog(store, log.slice(1), [1], rules);
        // Locality: what evidence does not connect with the two is never touched.
        const reach = new Set<Ref>();
        for (const open = names as Ref[]; open.length > 0;) {
          const ref = open.pop() as Ref;
          if (reach.has(ref)) continue;
          reach.add(ref);
          for (const entry of arrive(sent)) {
            const refs = entry.kind === 'observation' ? entry.observation.refs.map((one) => one.ref) : [];
            if (refs.includes(ref)) open.push(...refs);
          }
        }
        expect(partitionIn(store)).toHaveLength(new Set(before.map.values()).size);
        const after = rowsOf(store).map;
        const displaced = united.some((step) => step.decisions.some(({ kind }) => kind === 'ProfileSplit'));
        for (const [ref, id] of before.map)
          if (!displaced || !reach.has(ref)) expect(after.get(ref)).toBe(id);
      }),
    timeout,
  );

  it(
    'what is erased stays erased',
    () =>
      forAll(
        fc.tuple(observations, observations, fc.subarray(['u1', 'e1', 'a1', 'p1'], { minLength: 1 })),
        async ([first, later, names]) => {
          const store = new MemoryState();
          const log = arrive(send([...first, { kind: 'erase', names }, ...later]));
          await runLog(store, log, [6], rules);
          const { refs, map, profiles } = rowsOf(store);
          const erased = new Set(names);
          for (const { members } of profiles.values())
            expect(new Set(members.map(([, ref]) => erased.has(ref))).size).toBe(1);
          const seenBefore = new Set(
            arrive(send(first)).flatMap((entry) =>
              entry.kind === 'observation' ? entry.observation.refs.map(({ ref }) => ref) : [],
            ),
          );
          for (const name of names) {
            expect(refs.get(name as Ref)?.erased).toBe(true);
            if (!seenBefore.has(name as Ref)) expect(map.has(name as Ref)).toBe(false);
          }
        },
      ),
    timeout,
  );
});

function text(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventId, ProfileId, Ref } from '#kernel';
import { namespaceRules } from '#touchpoint';
import type { ProfileRow } from './identity-rows.ts';
import type { IdentityRules } from './rules.ts';
import { runLog } from './testing/history.ts';
import { MemoryState } from './testing/memory-state.ts';
import { partitionIn } from './testing/partitions.ts';
import { arrive, drafts, observations, send, type Draft, type Sent } from './testing/random-log.ts';
import { rowsOf } from './testing/state-rows.ts';
import { TIGHT_RULES as rules } from './testing/tight-rules.ts';

const isLong = process.env.TEMAS_LONG === '1';
const runs = isLong ? { numRuns: 20_000 } : { numRuns: 150, seed: 7 };
const timeout = isLong ? 3_600_000 : 120_000;

/** Rules under which nothing can conflict. */
const BOUNDLESS: IdentityRules = {
  ...rules,
  namespace: (ns) => ({
    ...namespaceRules(ns),
    class: 'contact',
    limit: Number.POSITIVE_INFINITY,
    quarantineAt: Number.POSITIVE_INFINITY,
  }),
  maxMembers: Number.POSITIVE_INFINITY,
  floodAt: { unique: Infinity, contact: Infinity, device: Infinity },
};

async function partition(sent: readonly Sent[], by: IdentityRules = rules): Promise<string[]> {
  const store = new MemoryState();
  await runLog(store, arrive(sent), [6], by);
  return partitionIn(store);
}

/** The same sayings about other identifiers, rows and events. */
function elsewhere(all: readonly Draft[]): Sent[] {
  const text = JSON.stringify(all).replaceAll(/"(~?[a-z])(\d)"/g, '"$19$2"');
  return send(JSON.parse(text) as Draft[]).map(({ draft, eventId }) => ({
    draft,
    eventId: `ffffffff${eventId.slice(8)}` as EventId,
  }));
}

describe('what observations are to each other', () => {
  it(
    'strangers change nothing: a log’s partition is the same with others’ observations in between',
    () =>
      fc.assert(
        fc.asyncProperty(
          observations,
          observations,
          fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }),
          async (ours, others, turns) => {
            const [mine, theirs] = [send(ours), elsewhere(others)];
            const both: Sent[] = [];
            const rest: readonly [Sent[], Sent[]] = [[...mine], [...theirs]];
            for (const turn of turns) both.push(...rest[turn ? 0 : 1].splice(0, 1));
            both.push(...rest[0], ...rest[1]);
            expect(await partition(both)).toEqual(
              [...(await partition(mine)), ...(await partition(theirs))].sort(),
            );
          },
        ),
        runs,
      ),
    timeout,
  );

  it(
    'without conflicts more observations only join',
    () =>
      fc.assert(
        fc.asyncProperty(observations, fc.nat(40), async (all, cut) => {
          const plain = all.map((draft) =>
            draft.kind === 'seen' ? { ...draft, record: undefined, names: unmarked(draft.names) } : draft,
          ) as Draft[];
          const sent = send(plain);
          const after = (await partition(sent, BOUNDLESS)).map((line) => new Set(line.split(' ')));
          for (const line of await partition(sent.slice(0, cut), BOUNDLESS)) {
            const members = line.split(' ');
            expect(after.some((group) => members.every((ref) => group.has(ref)))).toBe(true);
          }
        }),
        runs,
      ),
    timeout,
  );

  it(
    'one that comes late is as good as one that came in time',
    () =>
      fc.assert(
        fc.asyncProperty(observations, fc.nat(39), async (all, which) => {
          const inTime = send(all).sort((a, b) => at(a) - at(b));
          const late = inTime[which % inTime.length] as Sent;
          expect(await partition([...inTime.filter((one) => one !== late), late])).toEqual(
            await partition(inTime),
          );
        }),
        runs,
      ),
    timeout,
  );
});

describe('whose id a profile keeps', () => {
  it(
    'one that names a person never goes into one that does not; the half with the people keeps the id',
    () =>
      fc.assert(
        fc.asyncProperty(drafts, async (all) => {
          const store = new MemoryState();
          for (const entry of arrive(send(all))) {
            const before = rowsOf(store);
            await runLog(store, [entry], [1], rules);
            const { profiles, aliases, map } = rowsOf(store);
            for (const [id, row] of before.profiles) {
              const heir = aliases.get(id);
              if (heir !== undefined && people(row) > 0) {
                const survivor = before.profiles.get(heir);
                expect(survivor === undefined || people(survivor) > 0).toBe(true);
              }
              const parts = partsOf(row, map);
              if (parts.size < 2 || heirs(parts, before.map).size > 1) continue;
              const kept = profiles.get(id) === undefined ? undefined : parts.get(id);
              const most = Math.max(...[...parts.values()].map((refs) => named(row, refs)));
              expect(kept === undefined ? most : named(row, kept)).toBe(most);
            }
          }
        }),
        runs,
      ),
    timeout,
  );
});

function at({ draft }: Sent): number {
  return draft.kind === 'seen' ? draft.at : 0;
}

/** Without repaired values and touchpoints of nobody. */
function unmarked(names: readonly string[]): string[] {
  return names.filter((name) => !name.startsWith('x')).map((name) => name.replace('~', ''));
}

function people({ members }: Pick<ProfileRow, 'members'>): number {
  return members.filter(([ns]) => rules.namespace(ns).class === 'unique').length;
}

/** A profile's former identifiers by the profile that has them now. */
function partsOf({ members }: ProfileRow, map: ReadonlyMap<Ref, ProfileId>): Map<ProfileId, Set<Ref>> {
  const parts = new Map<ProfileId, Set<Ref>>();
  for (const [, ref] of members) {
    const id = map.get(ref) as ProfileId;
    parts.set(id, (parts.get(id) ?? new Set()).add(ref));
  }
  return parts;
}

/** Those of the parts that had an id of their own before: an older one may take precedence there. */
function heirs(parts: Map<ProfileId, Set<Ref>>, before: ReadonlyMap<Ref, ProfileId>): Set<ProfileId> {
  const known = new Set(before.values());
  return new Set([...parts.keys()].filter((id) => known.has(id)));
}

function named(row: ProfileRow, refs: ReadonlySet<Ref>): number {
  return people({ members: row.members.filter(([, ref]) => refs.has(ref)) });
}

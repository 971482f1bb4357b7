import { expect } from '@jest/globals';
import fc from 'fast-check';
import { asOfReader } from '#explain';
import { identityReader } from '#identity';
import type { ProfileId, Ref } from '#kernel';
import { profileReader, type Profile } from '#profile';
import type { StateStore } from '#state-store';
import { World, WORKSPACE } from './world.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

const some = (name: string, count: number, freq: number): fc.Arbitrary<string | undefined> =>
  fc.option(
    fc.integer({ min: 1, max: count }).map((n) => `${name}-${n}`),
    { nil: undefined, freq },
  );

const touchpoint = fc.record({
  userId: some('user', 5, 2),
  anonymousId: some('device', 6, 3),
  email: some('mail', 5, 2),
  isMistyped: fc.boolean(),
  plan: fc.option(fc.constantFrom('basic', 'gold', null), { nil: undefined, freq: 2 }),
  isIdentify: fc.boolean(),
  /** Event time and time of arrival, minutes; collectors' clocks differ, so the second may fall. */
  at: fc.integer({ min: 0, max: 600 }),
  late: fc.integer({ min: -3, max: 3 }),
  trust: fc.constantFrom('server' as const, 'client' as const),
  isDerived: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
});

const order = fc.record({
  kind: fc.constantFrom('force_merge' as const, 'forbid' as const),
  a: fc.nat(),
  b: fc.nat(),
});

const verdict = fc.record({
  said: fc.constantFrom('confirmed' as const, 'confirmed' as const, 'rejected' as const),
  nth: fc.nat(),
});

/** What happens, in the order of the log. */
const histories = (length: number): fc.Arbitrary<(Step | Order | Word)[]> =>
  fc.array(
    fc.oneof(
      { arbitrary: touchpoint, weight: 15 },
      { arbitrary: order, weight: 1 },
      { arbitrary: verdict, weight: 3 },
    ),
    { minLength: length, maxLength: length },
  );

type Step = typeof touchpoint extends fc.Arbitrary<infer T> ? T : never;
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never;
type Word = typeof verdict extends fc.Arbitrary<infer T> ? T : never;

/** How much of a history is asked for. */
export interface Questions {
  readonly seed: number;
  readonly events: number;
  readonly moments: number;
  /** Identifiers and ids asked for at each moment. */
  readonly each: number;
}

/** How many answers were compared, and how many of them were a profile, a merged one's id among them. */
export interface Compared {
  readonly answers: number;
  readonly profiles: number;
  readonly aliases: number;
  /** Profiles with a corrected address that somebody had confirmed or was to confirm. */
  readonly confirmed: number;
}

/** A random history, and at random moments what the past looks like beside a rebuild up to then. */
export async function compareWithRebuilds({ seed, events, moments, each }: Questions): Promise<Compared> {
  const [history] = fc.sample(histories(events), { seed, numRuns: 1 }) as [(Step | Order | Word)[]];
  const world = await World.open();
  try {
    for (const [n, step] of history.entries()) await take(world, step, START + n * MINUTE);
    await world.settle();
    const ids: ProfileId[] = [];
    for await (const { key } of world.state.scan({ collection: 'i.prof' })) ids.push(key as ProfileId);
    const [times] = fc.sample(
      fc.array(
        fc.integer({ min: -2, max: events + 2 }).chain((n) => fc.constantFrom(n, n + 0.5)),
        {
          minLength: moments,
          maxLength: moments,
        },
      ),
      { seed, numRuns: 1 },
    ) as [number[]];
    const compared = { answers: 0, profiles: 0, aliases: 0, confirmed: 0 };
    for (const [n, time] of times.entries()) {
      const at = START + time * MINUTE;
      await world.rebuiltUntil(at, (rebuilt) =>
        compareAt(
          { world, rebuilt, at, compared },
          rotated([...world.refs], n * each, each),
          rotated(ids, n * each, each),
        ),
      );
    }
    return compared;
  } finally {
    await world.close();
  }
}

async function take(world: World, step: Step | Order | Word, now: number): Promise<void> {
  if ('said' in step) {
    const open = [...world.guessed.values()];
    const guess = open[step.nth % open.length];
    if (guess !== undefined) await world.judge(guess, step.said, now);
    return;
  }
  if ('kind' in step) {
    const refs = [...world.refs];
    const [a, b] = [refs[step.a % refs.length], refs[step.b % refs.length]];
    if (a !== undefined && b !== undefined && a !== b) await world.order(step.kind, a, b, now);
    return;
  }
  const { userId, email, isMistyped, plan, isIdentify, at, late, trust, isDerived } = step;
  const anonymousId = step.anonymousId ?? (userId === undefined ? 'device-1' : undefined);
  const mail = email === undefined ? {} : { email: `${email}@${isMistyped ? 'gmial' : 'gmail'}.com` };
  const item = isIdentify
    ? { type: 'identify', traits: { ...mail, ...(plan === undefined ? {} : { plan }) } }
    : { type: 'track', event: 'Seen', context: { traits: mail } };
  await world.send(
    { ...item, userId, anonymousId, timestamp: new Date(START + (at - 600) * MINUTE).toISOString() },
    {
      receivedAt: now + late * MINUTE,
      source: trust === 'server' ? 'shop' : 'web',
      trust,
      ...(isDerived ? { kind: 'derived' as const } : {}),
    },
  );
}

async function compareAt(
  {
    world,
    rebuilt,
    at,
    compared,
  }: { world: World; rebuilt: StateStore; at: number; compared: Mutable<Compared> },
  refs: readonly Ref[],
  ids: readonly ProfileId[],
): Promise<void> {
  const then = asOfReader(world.state, world.warehouse);
  const moment = { at, clock: 'recorded' as const };
  const real = identityReader(rebuilt);
  const profileThen = async (found: Awaited<ReturnType<typeof then.held>>): Promise<Profile | undefined> => {
    if (found.outcome !== 'found') return undefined;
    const profile = await then.profile(found.value, moment);
    return profile.outcome === 'found' ? profile.value : undefined;
  };
  const profileReal = async (id: ProfileId | undefined): Promise<Profile | undefined> => {
    const membership = id === undefined ? undefined : await real.membership(id);
    return membership === undefined ? undefined : profileReader(rebuilt).read(membership);
  };
  const count = (answered: Profile | undefined): void => {
    if (answered === undefined) return;
    compared.profiles++;
    if (answered.identifiers.some(({ anchor }) => world.confirmed.has(anchor))) compared.confirmed++;
  };
  for (const ref of refs) {
    const answered = await profileThen(await then.heldWith(WORKSPACE, ref, moment));
    expect([at, ref, answered]).toEqual([at, ref, await profileReal(await real.profileOf(ref))]);
    count(answered);
  }
  for (const id of ids) {
    const answered = await profileThen(await then.held(WORKSPACE, id, moment));
    expect([at, id, answered]).toEqual([at, id, await profileReal(id)]);
    count(answered);
    if (answered !== undefined && answered.id !== id) compared.aliases++;
  }
  compared.answers += refs.length + ids.length;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function rotated<T>(items: readonly T[], by: number, count: number): T[] {
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[(by + i) % items.length] as T);
}

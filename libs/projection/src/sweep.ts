import type { EventLog } from '#event-log';
import { profileOfStream, PROFILE_STREAMS, publishedCounts } from '#identity';
import { TemasError } from '#kernel';
import type { StateStore, StateWrite } from '#state-store';
import { correction, publishedOf, SHIFT } from './correction.ts';
import { OUTBOX, readOutboxRow } from './outbox.ts';
import { inForce, type Published } from './reconcile.ts';

const STREAMS_AT_A_TIME = 200;
const SWEPT = { collection: 'meta', key: 'swept' };

/** Engines of a sweep, and how it has everything published that waits. */
export interface SweepParts {
  readonly log: EventLog;
  readonly state: StateStore;
  readonly drain: () => Promise<void>;
}

/** True if the generation of this state has been swept. */
export async function isSwept(state: StateStore): Promise<boolean> {
  const [done] = await state.read([SWEPT]);
  return done !== null && done !== undefined;
}

/**
 * Revokes what stands in `profile-*` streams after the last decision that the generation makes there: decisions of an
 * earlier generation, by other rules or other code, in streams to which this one has nothing more to add. Once in the
 * life of a generation, when it has folded all that earlier ones decided on. Answers the number of corrections.
 */
export async function sweep(parts: SweepParts, signal: AbortSignal): Promise<number> {
  let corrections = 0;
  let streams: string[] = [];
  for await (const stream of parts.log.streams(PROFILE_STREAMS)) {
    if (signal.aborted) return corrections;
    streams.push(stream);
    if (streams.length < STREAMS_AT_A_TIME) continue;
    corrections += await sweepSome(parts, streams);
    streams = [];
  }
  corrections += await sweepSome(parts, streams);
  await parts.state.commit([{ ...SWEPT, value: Buffer.from([1]) }]);
  return corrections;
}

async function sweepSome({ log, state, drain }: SweepParts, streams: readonly string[]): Promise<number> {
  await drain();
  const counts = await publishedCounts(state, streams.map(profileOfStream));
  const shifts = await state.read(streams.map((key) => ({ collection: SHIFT, key })));
  // What was decided since the counts were read: publishing it finds the surplus itself.
  const waiting = new Set<string>();
  for await (const { key, value } of state.scan({ collection: OUTBOX })) {
    waiting.add(readOutboxRow(key, value).stream);
  }
  const writes: StateWrite[] = [];
  for (const [i, stream] of streams.entries()) {
    if (waiting.has(stream)) continue;
    const count = BigInt(counts[i] as number);
    const from = count + BigInt(shifts[i]?.toString('utf8') ?? 0);
    const end = ((await log.lastRevision(stream)) ?? -1n) + 1n;
    if (end <= from) continue;
    const surplus: Published[] = [];
    for await (const event of log.readStream(stream, from)) surplus.push(publishedOf(event));
    const revoke = inForce(surplus);
    const [first] = revoke;
    if (first === undefined) continue;
    const result = await log.append(stream, [correction(first, revoke)], end - 1n);
    if (result.outcome === 'conflict')
      throw new TemasError('PROJECTION.OUTBOX_CONFLICT', `${stream} has a second writer at revision ${end}`);
    writes.push({ collection: SHIFT, key: stream, value: Buffer.from((end + 1n - count).toString()) });
  }
  await state.commit(writes);
  return writes.length;
}

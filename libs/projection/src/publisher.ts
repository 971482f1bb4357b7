import { setTimeout as pause } from 'node:timers/promises';
import { reach, TemasError } from '#kernel';
import { MAX_APPEND_EVENTS } from '#event-log';
import type { EventLog, NewEvent } from '#event-log';
import type { StateStore, StateWrite } from '#state-store';
import { correction, publishedOf, SHIFT } from './correction.ts';
import type { Monitor } from './monitor.ts';
import { OUTBOX, readOutboxRow } from './outbox.ts';
import type { OutboxRow } from './outbox.ts';
import { reconcile } from './reconcile.ts';
import type { Published } from './reconcile.ts';
import { isSwept, sweep } from './sweep.ts';
import { Wake } from './wake.ts';

const ROWS_PER_ROUND = 1_000;
const STREAMS_IN_FLIGHT = 8;
const RETRY_MS = 500;
const IDLE_MS = 1_000;

/**
 * Appends committed decisions to their `profile-*` streams. Stream, revision and id come from the fold, so
 * publishing again after a crash or a loss of state is answered by the log and changes nothing.
 */
export class Publisher {
  readonly wake = new Wake();
  #swept = false;

  constructor(
    private readonly log: EventLog,
    private readonly state: StateStore,
    private readonly monitor: Monitor,
    /** True once the fold has come to where the generation was born: earlier ones decided on nothing after. */
    private readonly grown: () => boolean,
  ) {}

  /** Publishes until aborted; what fails is tried again from the outbox. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        while (!signal.aborted && (await this.round()));
        if (!signal.aborted && this.grown()) await this.sweepOnce(signal);
        await this.wake.wait(IDLE_MS);
      } catch (error) {
        this.monitor.retrying('publish', error);
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Publishes one round of the outbox; false if it was empty. */
  async round(): Promise<boolean> {
    const rows: OutboxRow[] = [];
    for await (const { key, value } of this.state.scan({ collection: OUTBOX, limit: ROWS_PER_ROUND })) {
      rows.push(readOutboxRow(key, value));
    }
    if (rows.length === 0) return false;
    const streams = byStream(rows);
    const corrections: StateWrite[] = [];
    await Promise.all(
      Array.from({ length: STREAMS_IN_FLIGHT }, async () => {
        for (let next = streams.pop(); next !== undefined; next = streams.pop()) {
          corrections.push(...(await this.#publish(next)));
        }
      }),
    );
    reach('published');
    await this.state.commit([
      ...rows.map(({ key }) => ({ collection: OUTBOX, key, value: null })),
      ...corrections,
    ]);
    this.monitor.published({ decisions: rows.length, corrections: corrections.length });
    return true;
  }

  /** Takes back what earlier generations published and this one does not decide, unless that was done before. */
  async sweepOnce(signal: AbortSignal): Promise<void> {
    if (this.#swept || (this.#swept = await isSwept(this.state))) return;
    const drain = async (): Promise<void> => {
      while (!signal.aborted && (await this.round()));
    };
    const corrections = await sweep({ log: this.log, state: this.state, drain }, signal);
    this.#swept = !signal.aborted;
    if (corrections > 0) this.monitor.published({ decisions: 0, corrections });
  }

  async #publish(rows: readonly OutboxRow[]): Promise<StateWrite[]> {
    const { stream, revision } = rows[0] as OutboxRow;
    const [stored] = await this.state.read([{ collection: SHIFT, key: stream }]);
    const from = BigInt(revision) + BigInt(stored?.toString('utf8') ?? 0);
    const events = rows.map(({ event }) => event);
    const outcome = await this.#append(stream, events, from);
    if (outcome === 'appended') return [];
    // They stand there, but something may stand after them that takes them back.
    const end = from + BigInt(rows.length) - 1n;
    if (outcome === 'repeated' && (await this.log.lastRevision(stream)) === end) return [];
    return this.#correct(stream, rows, revision, from);
  }

  async #append(
    stream: string,
    events: readonly NewEvent[],
    from: bigint,
  ): Promise<'appended' | 'repeated' | 'conflict'> {
    let outcome: 'appended' | 'repeated' = 'appended';
    for (let i = 0; i < events.length; i += MAX_APPEND_EVENTS) {
      const place = from + BigInt(i);
      const expected = place === 0n ? 'noStream' : place - 1n;
      const result = await this.log.append(stream, events.slice(i, i + MAX_APPEND_EVENTS), expected);
      if (result.outcome === 'conflict') return 'conflict';
      if (result.repeated) outcome = 'repeated';
    }
    return outcome;
  }

  async #correct(
    stream: string,
    rows: readonly OutboxRow[],
    revision: number,
    from: bigint,
  ): Promise<StateWrite[]> {
    const published: Published[] = [];
    for await (const event of this.log.readStream(stream, from)) published.push(publishedOf(event));
    const wanted = rows.map(({ event }) => event.id);
    const { present, revoke, shift } = reconcile(published, wanted);
    const missing = rows.slice(present).map(({ event }) => event);
    const events = revoke.length > 0 ? [correction(wanted[0] as string, revoke), ...missing] : missing;
    const end = from + BigInt(published.length);
    if (events.length > 0 && (await this.#append(stream, events, end)) === 'conflict') {
      throw new TemasError('PROJECTION.OUTBOX_CONFLICT', `${stream} has a second writer at revision ${end}`);
    }
    if (shift === 0) return [];
    const total = from - BigInt(revision) + BigInt(shift);
    return [{ collection: SHIFT, key: stream, value: Buffer.from(total.toString()) }];
  }
}

function byStream(rows: readonly OutboxRow[]): OutboxRow[][] {
  const streams = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const held = streams.get(row.stream);
    if (held) held.push(row);
    else streams.set(row.stream, [row]);
  }
  return [...streams.values()];
}

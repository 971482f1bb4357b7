import { setTimeout as pause } from 'node:timers/promises';
import { BACKWARDS, END } from '@eventstore/db-client';
import type { EventStoreDBClient, ResolvedEvent } from '@eventstore/db-client';
import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';
import { backoffMs } from './backoff.ts';
import { failureOf } from './client-failure.ts';
import { NoAnswer } from './in-time.ts';
import { toRecorded } from './recorded-event.ts';
import type { RecordedEvent } from '../../event-log.port.ts';

/** What a read needs of the client's stream. */
interface ClientRead<T> {
  iterator(options: { destroyOnReturn: boolean }): AsyncIterable<T>;
  resume(): unknown;
  on(event: 'error', listener: () => void): unknown;
  destroy(error: Error): unknown;
  cancel(): Promise<void>;
}

/** Tries of a read that breaks off; the client needs a call to notice that its connection is gone. */
const ATTEMPTS = 3;

/**
 * Reads that end: of a stream, and of the log's last event. One that breaks off is taken up again a few times. All
 * throw `LogUnavailable` when that does not help or no answer comes in time.
 */
export class LogReader {
  constructor(
    private readonly client: EventStoreDBClient,
    private readonly timeoutMs: number,
  ) {}

  /** Events of a stream from a revision on, at most `limit` of them; none if there is no such stream. */
  async *stream(stream: string, from: bigint, limit?: bigint): AsyncGenerator<RecordedEvent> {
    let next = from;
    const left = (): bigint | undefined => (limit === undefined ? undefined : from + limit - next);
    for (let failed = 0; left() !== 0n;) {
      try {
        for await (const event of this.#streamOnce(stream, next, left())) {
          yield event;
          next = event.revision + 1n;
          failed = 0;
        }
        return;
      } catch (error) {
        await this.#afterFailure(error, ++failed);
      }
    }
  }

  /** Revision of a stream's last event. */
  lastRevision(stream: string): Promise<bigint | undefined> {
    return this.#repeatedly(async () => {
      const read = this.client.readStream(stream, {
        direction: BACKWARDS,
        fromRevision: END,
        maxCount: 1,
        requiresLeader: true,
      });
      let last: bigint | undefined;
      for await (const { event } of this.#frames<ResolvedEvent>(read)) last = event?.revision;
      return last;
    });
  }

  /** Position of the last event of the whole log, the engine's own included. */
  head(): Promise<Position> {
    return this.#repeatedly(async () => {
      const read = this.client.readAll({
        direction: BACKWARDS,
        fromPosition: END,
        maxCount: 1,
        requiresLeader: true,
      });
      let head = ORIGIN;
      for await (const { event } of this.#frames<ResolvedEvent>(read))
        head = (event?.position?.commit ?? ORIGIN) as Position;
      return head;
    });
  }

  async *#streamOnce(stream: string, from: bigint, limit: bigint | undefined): AsyncGenerator<RecordedEvent> {
    const read = this.client.readStream(stream, {
      fromRevision: from,
      requiresLeader: true,
      ...(limit === undefined ? {} : { maxCount: Number(limit) }),
    });
    for await (const { event } of this.#frames<ResolvedEvent>(read)) {
      if (event !== undefined) yield toRecorded(event);
    }
  }

  /** What a read gives, waiting for each piece no longer than allowed. */
  async *#frames<T>(read: ClientRead<T>): AsyncGenerator<T> {
    // The client may tell of an error after the iteration has ended, which would end the process.
    read.on('error', () => undefined);
    let waitingSince = Date.now();
    const watch = setInterval(() => {
      if (Date.now() - waitingSince > this.timeoutMs) read.destroy(new NoAnswer('a read was not answered'));
    }, this.timeoutMs / 4);
    try {
      for await (const frame of read.iterator({ destroyOnReturn: false })) {
        waitingSince = Number.POSITIVE_INFINITY;
        yield frame;
        waitingSince = Date.now();
      }
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'refused' || failure.kind === 'unknown') throw failure.error;
    } finally {
      clearInterval(watch);
      // What was left unread has to pass: a read that the server has ended is forgotten by the client only then.
      void read.cancel().catch(() => undefined);
      read.resume();
    }
  }

  async #repeatedly<T>(read: () => Promise<T>): Promise<T> {
    for (let failed = 0; ;) {
      try {
        return await read();
      } catch (error) {
        await this.#afterFailure(error, ++failed);
      }
    }
  }

  /** Returns when the read may be tried again, else throws what it met. */
  async #afterFailure(error: unknown, failed: number): Promise<void> {
    if (failureOf(error).kind !== 'unknown' || error instanceof NoAnswer || failed === ATTEMPTS) throw error;
    await pause(backoffMs(failed));
  }
}

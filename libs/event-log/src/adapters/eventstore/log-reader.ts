import { BACKWARDS, END } from '@eventstore/db-client';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';
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

/** Reads that end: of a stream, and of the log's last event. All throw `LogUnavailable` when no answer comes in time. */
export class LogReader {
  constructor(
    private readonly client: EventStoreDBClient,
    private readonly timeoutMs: number,
  ) {}

  /** Events of a stream from a revision on, at most `limit` of them; none if there is no such stream. */
  async *stream(stream: string, from: bigint, limit?: number): AsyncGenerator<RecordedEvent> {
    const read = this.client.readStream(stream, {
      fromRevision: from,
      requiresLeader: true,
      ...(limit === undefined ? {} : { maxCount: limit }),
    });
    for await (const { event } of this.#frames(read)) {
      if (event !== undefined) yield toRecorded(event);
    }
  }

  /** Revision of a stream's last event. */
  async lastRevision(stream: string): Promise<bigint | undefined> {
    const read = this.client.readStream(stream, {
      direction: BACKWARDS,
      fromRevision: END,
      maxCount: 1,
      requiresLeader: true,
    });
    let last: bigint | undefined;
    for await (const { event } of this.#frames(read)) last = event?.revision;
    return last;
  }

  /** Position of the last event of the whole log, the engine's own included. */
  async head(): Promise<Position> {
    const read = this.client.readAll({
      direction: BACKWARDS,
      fromPosition: END,
      maxCount: 1,
      requiresLeader: true,
    });
    let head = ORIGIN;
    for await (const { event } of this.#frames(read)) head = (event?.position?.commit ?? ORIGIN) as Position;
    return head;
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
}

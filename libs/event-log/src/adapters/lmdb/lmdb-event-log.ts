import type { Position } from '#kernel';
import { checkAppend } from '../../append-check.ts';
import { LogUnavailable } from '../../errors.ts';
import { Appender } from './appender.ts';
import { Arrivals } from './arrivals.ts';
import { positionOf } from './place.ts';
import { readStreamRows } from './read-stream.ts';
import { subscribeRows } from './subscription.ts';
import { logHead, openTables, streamsOf } from './tables.ts';
import type {
  AppendResult,
  Delivery,
  EventLog,
  ExpectedRevision,
  NewEvent,
  RecordedEvent,
  SubscribeOptions,
} from '../../event-log.port.ts';
import type { Tables } from './tables.ts';

/** Where an embedded log lives. */
export interface LmdbEventLogOptions {
  /** Directory of the log; created if absent. Several processes of one machine may hold it open and append. */
  readonly path: string;
}

/**
 * Opens the embedded log, or creates it. One row holds one append; a position is the append's number × 4096 plus
 * the index of the event in it. Throws `LogUnavailable` if the directory cannot be opened.
 */
export async function openLmdbEventLog({ path }: LmdbEventLogOptions): Promise<EventLog> {
  try {
    return new LmdbEventLog(await openTables(path));
  } catch (error) {
    throw new LogUnavailable('the event log cannot be opened', { cause: error });
  }
}

class LmdbEventLog implements EventLog {
  readonly id: string;
  readonly #tables: Tables;
  readonly #arrivals = new Arrivals();
  readonly #appender: Appender;
  #closing: Promise<void> | undefined;

  constructor(tables: Tables) {
    this.id = tables.meta.get('id') as string;
    this.#tables = tables;
    this.#appender = new Appender(tables, (append) => this.#arrivals.reached(append));
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    this.#present();
    checkAppend(stream, events, expected);
    return this.#appender.append(stream, events, expected);
  }

  async *readStream(stream: string, fromRevision = 0n): AsyncGenerator<RecordedEvent> {
    const last = (await this.lastRevision(stream)) ?? -1n;
    if (fromRevision > last) return;
    yield* readStreamRows(this.#tables, stream, Number(fromRevision), Number(last), () => this.#present());
  }

  async *streams(prefix: string): AsyncGenerator<string> {
    this.#present();
    yield* streamsOf(this.#tables, prefix);
  }

  async lastRevision(stream: string): Promise<bigint | undefined> {
    this.#present();
    const head = this.#tables.heads.get(stream);
    return head === undefined ? undefined : BigInt(head);
  }

  async head(): Promise<Position> {
    this.#present();
    const { append, index } = logHead(this.#tables);
    return positionOf(append, index);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<Delivery> {
    this.#present();
    return subscribeRows(this.#tables, this.#arrivals, options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#arrivals.end();
    await this.#appender.idle();
    await this.#tables.root.close();
  }

  #present(): void {
    if (this.#closing !== undefined) throw new LogUnavailable('the event log is closed');
  }
}

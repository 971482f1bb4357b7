import type { EventStoreDBClient } from '@eventstore/db-client';
import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';
import { checkAppend } from '../../append-check.ts';
import { InvalidAppend, LogUnavailable } from '../../errors.ts';
import { AppendConnection } from './append-connection.ts';
import { Appender } from './appender.ts';
import { Horizon } from './horizon.ts';
import { logId } from './log-id.ts';
import { LogReader } from './log-reader.ts';
import { disposeClient, openClient } from './open-client.ts';
import { LOG_ID_STREAM, STREAM_REGISTER } from './recorded-event.ts';
import { StreamRegister } from './stream-register.ts';
import { subscribeAll } from './subscription.ts';
import type {
  AppendResult,
  Delivery,
  EventLog,
  ExpectedRevision,
  NewEvent,
  RecordedEvent,
  SubscribeOptions,
} from '../../event-log.port.ts';

/** The log in an EventStoreDB; `openEventStoreLog` says what it is. */
export class EventStoreLog implements EventLog {
  id = '';
  readonly #client: EventStoreDBClient;
  readonly #reader: LogReader;
  readonly #connection: AppendConnection;
  readonly #appender: Appender;
  readonly #register: StreamRegister;
  readonly #horizon = new Horizon();
  readonly #ending = new AbortController();
  #closing: Promise<void> | undefined;

  constructor(
    url: string,
    private readonly timeoutMs: number,
  ) {
    this.#client = openClient(url);
    this.#reader = new LogReader(this.#client, timeoutMs);
    this.#connection = new AppendConnection(url, timeoutMs);
    this.#appender = new Appender(this.#connection, this.#reader, this.#horizon);
    this.#register = new StreamRegister(this.#reader, this.#appender);
  }

  /** Learns the log's id and head. */
  async open(): Promise<void> {
    this.id = await logId(this.#reader, this.#appender);
    this.#horizon.reached(await this.#reader.head());
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<AppendResult> {
    this.#present();
    checkAppend(stream, events, expected);
    if (stream === LOG_ID_STREAM || stream === STREAM_REGISTER) {
      throw new InvalidAppend(`${stream} is the log's own`);
    }
    const begins = expected === 'noStream' && this.#register.holds(stream);
    return this.#appender.append(
      stream,
      events,
      expected,
      begins ? () => this.#register.enter(stream) : undefined,
    );
  }

  async *readStream(stream: string, fromRevision = 0n): AsyncGenerator<RecordedEvent> {
    this.#present();
    for await (const event of this.#reader.stream(stream, fromRevision)) {
      yield event;
      this.#present();
    }
  }

  async *streams(prefix: string): AsyncGenerator<string> {
    this.#present();
    if (this.#register.covers(prefix)) yield* this.#register.names(prefix);
    else yield* this.#streamsOfAll(prefix);
  }

  async lastRevision(stream: string): Promise<bigint | undefined> {
    this.#present();
    return this.#reader.lastRevision(stream);
  }

  async head(): Promise<Position> {
    this.#present();
    const head = await this.#reader.head();
    this.#horizon.reached(head);
    return head;
  }

  subscribe(options: SubscribeOptions): AsyncIterable<Delivery> {
    this.#present();
    return subscribeAll(
      {
        client: this.#client,
        head: () => this.#reader.head(),
        closing: this.#ending.signal,
        timeoutMs: this.timeoutMs,
      },
      options,
    );
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async *#streamsOfAll(prefix: string): AsyncGenerator<string> {
    const found = new Set<string>();
    const { signal } = new AbortController();
    for await (const delivery of this.subscribe({
      from: ORIGIN,
      prefixes: prefix === '' ? [] : [prefix],
      signal,
    })) {
      if (delivery.kind === 'caughtUp') return;
      if (delivery.kind !== 'event' || found.has(delivery.event.stream)) continue;
      found.add(delivery.event.stream);
      yield delivery.event.stream;
    }
    throw new LogUnavailable('the event log was closed while its streams were listed');
  }

  async #close(): Promise<void> {
    this.#ending.abort();
    await this.#appender.idle();
    await this.#connection.close();
    await disposeClient(this.#client);
  }

  #present(): void {
    if (this.#closing !== undefined) throw new LogUnavailable('the event log is closed');
  }
}

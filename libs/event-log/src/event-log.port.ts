import type { Position } from '#kernel';

/** An event as a writer hands it over. */
export interface NewEvent {
  /** UUID; the same id again in the same place of a stream is the same event. */
  readonly id: string;
  /** Kind of event, such as `Touchpoint` or `ProfilesMerged`. Never starts with `$`. */
  readonly type: string;
  /** UTF-8 JSON in the clear: the envelope of a touchpoint. May be empty. */
  readonly metadata: Uint8Array;
  /** The body: a sealed touchpoint, or UTF-8 JSON for decisions and configuration. */
  readonly data: Uint8Array;
}

/** An event as the log keeps it. Buffers may be views of a larger block: copy what outlives the step. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Place in its stream, from 0. */
  readonly revision: bigint;
  readonly position: Position;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

/** What a writer believes of the stream: `noStream` (it does not exist yet) or the revision of its last event. */
export type ExpectedRevision = bigint | 'noStream';

/** How an append ended. */
export type AppendResult =
  /** Durable: fsynced before this is answered. `repeated` if the very same events stood there already. */
  | {
      readonly outcome: 'appended';
      readonly revision: bigint;
      /** Position of the last event of the append; an array of n events holds consecutive places in `positions`. */
      readonly position: Position;
      readonly positions: readonly Position[];
      readonly repeated: boolean;
    }
  /** Nothing was written: the stream's last revision is another one (`undefined`: no such stream). */
  | { readonly outcome: 'conflict'; readonly actual: bigint | undefined };

/** What a subscription yields. `position` of `progress`: every matching event up to it has been yielded. */
export type Delivery =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  | { readonly kind: 'progress'; readonly position: Position }
  | { readonly kind: 'caughtUp'; readonly position: Position };

/** Options of a subscription. */
export interface SubscribeOptions {
  /** Exclusive: the first event delivered lies after it. `0n` starts at the beginning. */
  readonly from: Position;
  /** Stream-name prefixes of the events wanted; empty means every stream. */
  readonly prefixes: readonly string[];
  /** Ends the iteration cleanly. */
  readonly signal: AbortSignal;
}

/** Largest number of events in one append. */
export const MAX_APPEND_EVENTS = 256;

/** Largest sum of `data` and `metadata` bytes in one append (EventStoreDB 23.10 takes 1 MiB). */
export const MAX_APPEND_BYTES = 1024 * 1024;

/**
 * The immutable, globally ordered log: the only truth of the platform (design §4).
 *
 * Every adapter passes `eventLogContract`. Methods throw `LogUnavailable` when the log cannot answer and
 * `AppendTooLarge` beyond the limits above.
 */
export interface EventLog {
  /** UUID minted when the log was created; part of every cursor, so a cursor of another log is recognised. */
  readonly id: string;

  /**
   * Appends 1 to 256 events to one stream, all or none, and answers after they are durable.
   *
   * A retry with the same `expected` and the same ids is answered with the first result (`repeated: true`), for
   * ever and across restarts. Other ids at that place are a `conflict`.
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult>;

  /** Events of one stream in order from a revision (inclusive); ends at the stream's present end. */
  readStream(stream: string, fromRevision?: bigint): AsyncIterable<RecordedEvent>;

  /**
   * Names of the streams that begin with a prefix, in no order. For few streams among many events (configuration):
   * where the adapter has an index, nothing else is read.
   */
  streams(prefix: string): AsyncIterable<string>;

  /** Revision of the stream's last event; `undefined` if there is no such stream. */
  lastRevision(stream: string): Promise<bigint | undefined>;

  /** Position of the log's last event; `0n` for an empty log. */
  head(): Promise<Position>;

  /**
   * Events after `from` in log order, then live ones as they become durable. Reads only as fast as it is
   * consumed. Yields `caughtUp` each time it has reached the head, and `progress` where long stretches held no
   * matching event. A normal end without abort is a disconnect: subscribe again from the last position.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<Delivery>;

  /** Waits for appends under way, then closes. Idempotent. */
  close(): Promise<void>;
}

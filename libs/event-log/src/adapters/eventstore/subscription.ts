import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Position } from '#kernel';
import { LogUnavailable } from '../../errors.ts';
import { backoffMs } from './backoff.ts';
import { failureOf } from './client-failure.ts';
import { Feed } from './feed.ts';
import { NoAnswer } from './in-time.ts';
import type { Delivery, SubscribeOptions } from '../../event-log.port.ts';

/** What a subscription needs of its log. */
export interface SubscriptionSource {
  readonly client: EventStoreDBClient;
  /** Position of the log's last event. */
  head(): Promise<Position>;
  /** Aborts when the log closes. */
  readonly closing: AbortSignal;
  /** How long the server may be silent where it has something to say, in milliseconds. */
  readonly timeoutMs: number;
}

/** Quiet time after which a live subscription asks whether it has reached the head, in milliseconds. */
const QUIET_MS = 20;

/** How often a quiet one looks whether the head has moved without it, in milliseconds. */
const WATCH_MS = 250;

/** How many times `timeoutMs` the log may be out of reach before the reader is told. */
const GIVE_UP_AFTER = 2;

/**
 * The log's subscription on top of the server's, which ends for many reasons: an error, a clean end, a reader that is
 * slow. Each time it is taken up again after the last position that was given out. Throws `LogUnavailable` when that
 * does not succeed for twice the time-out, and what the server refuses at once.
 */
export async function* subscribeAll(
  source: SubscriptionSource,
  { from, prefixes, signal }: SubscribeOptions,
): AsyncGenerator<Delivery> {
  const stop = AbortSignal.any([signal, source.closing]);
  const reader = new Reader(source, prefixes, from, stop);
  let failures = 0;
  let failingSince = 0;
  while (!stop.aborted) {
    const before = reader.told;
    try {
      yield* reader.readOn();
      failures = 0;
    } catch (error) {
      if (stop.aborted) return;
      const failure = failureOf(error);
      if (failure.kind === 'refused') throw failure.error;
      if (reader.told > before) failures = 0;
      if (failures++ === 0) failingSince = Date.now();
      const unavailable = 'error' in failure ? failure.error : new LogUnavailable('the subscription failed');
      if (Date.now() - failingSince > GIVE_UP_AFTER * source.timeoutMs) throw unavailable;
      await pause(backoffMs(failures), undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

/** Follows one feed of the server after the other, and knows what has been given out. */
class Reader {
  #caughtUpAt: Position | undefined;

  constructor(
    private readonly source: SubscriptionSource,
    private readonly prefixes: readonly string[],
    /** Every matching event up to here has been given out. */
    public told: Position,
    private readonly stop: AbortSignal,
  ) {}

  /** One feed, from `told` on. Returns when another should follow at once, throws when the server ended it. */
  async *readOn(): AsyncGenerator<Delivery> {
    // Asked before: what the feed has brought when it turns live holds everything up to here.
    const head = await this.source.head();
    if (this.stop.aborted) return;
    const feed = new Feed(this.source.client, this.told, this.prefixes);
    try {
      if (yield* this.#catchUp(feed, head)) yield* this.#follow(feed);
    } finally {
      feed.close();
    }
  }

  /** History; true once the feed is live. */
  async *#catchUp(feed: Feed, head: Position): AsyncGenerator<Delivery, boolean> {
    while (!this.stop.aborted) {
      const item = feed.take();
      if (item?.kind === 'live') {
        const progress = this.#given({ kind: 'progress', position: head });
        if (progress !== undefined) yield progress;
        yield this.#caughtUp();
        return true;
      }
      if (item !== undefined) {
        const delivery = this.#given(item);
        if (delivery !== undefined) yield delivery;
        continue;
      }
      // A turn brings many at once; a timer for each would cost as much as all the rest.
      await nextTurn();
      if (!feed.isEmpty) continue;
      if (feed.isOver) return ended(feed);
      if (!(await feed.wait(this.source.timeoutMs, this.stop)) && !this.stop.aborted) {
        throw new NoAnswer('a subscription was not answered');
      }
    }
    return false;
  }

  async *#follow(feed: Feed): AsyncGenerator<Delivery> {
    let unflushed = false;
    while (!this.stop.aborted) {
      const item = feed.take();
      if (item !== undefined) {
        const delivery = item.kind === 'live' ? undefined : this.#given(item);
        if (delivery !== undefined) yield delivery;
        unflushed ||= item.kind === 'event';
      } else if (unflushed) {
        // A reader that gathers events takes this for the end of what is there; a turn lets an append arrive whole.
        await nextTurn();
        if (!feed.isEmpty) continue;
        unflushed = false;
        yield { kind: 'progress', position: this.told };
      } else if (feed.isOver) {
        ended(feed);
        return;
      } else if (!(yield* this.#quiet(feed))) return;
    }
  }

  /** Nothing has come for a while. False if the log has grown and the feed did not say so. */
  async *#quiet(feed: Feed): AsyncGenerator<Delivery, boolean> {
    const atHead = this.#caughtUpAt === this.told;
    if ((await feed.wait(atHead ? WATCH_MS : QUIET_MS, this.stop)) || this.stop.aborted) return true;
    const head = await this.source.head();
    if (!feed.isEmpty || this.stop.aborted) return true;
    if (head <= this.told) {
      if (!atHead) yield this.#caughtUp();
      return true;
    }
    // Events of other streams, of which the server tells every 2,000th, or a feed that is dead without an end.
    return (await feed.wait(WATCH_MS, this.stop)) || this.stop.aborted;
  }

  /** What a reader is told of an item; nothing of one it knows already. */
  #given(item: Exclude<Delivery, { kind: 'caughtUp' }>): Delivery | undefined {
    const position = item.kind === 'event' ? item.event.position : item.position;
    if (position <= this.told) return undefined;
    this.told = position;
    return item;
  }

  #caughtUp(): Delivery {
    this.#caughtUpAt = this.told;
    return { kind: 'caughtUp', position: this.told };
  }
}

/** False for a feed that ran ahead of its reader; throws for one that the server ended, cleanly or not. */
function ended(feed: Feed): false {
  if (feed.ranAhead) return false;
  if (feed.error === undefined) throw new LogUnavailable('the server ended the subscription');
  throw feed.error;
}

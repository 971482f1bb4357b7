import { eventTypeFilter, START, streamNameFilter } from '@eventstore/db-client';
import type {
  AllStreamResolvedEvent,
  AllStreamSubscription,
  EventStoreDBClient,
  Position as ClientPosition,
} from '@eventstore/db-client';
import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';
import { recordedEvent } from './recorded-event.ts';
import type { RecordedEvent } from '../../event-log.port.ts';

/** What one subscription of the server brings, in its order. `live`: everything there was has come. */
export type FeedItem =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  | { readonly kind: 'progress'; readonly position: Position }
  | { readonly kind: 'live' };

/** Records the server looks through at once; the client's default of 32 reads a page for every 32 of a sparse filter. */
const SEARCH_WINDOW = 2_000;

/** Bytes a feed may be ahead of its reader. */
const MAX_AHEAD_BYTES = 2 * 1024 * 1024;

/** What an item weighs besides its bytes. */
const ITEM_BYTES = 200;

/** Objects the client's own stream may hold; what passes it is taken out at once. */
const HIGH_WATER_MARK = 256;

/** The client's subscription, with marks pushed in among its events. */
type Marked = AllStreamSubscription & { push(mark: FeedItem): boolean };

/**
 * One subscription to `$all`, as a queue. It lets go of the server when it is too far ahead of its reader: to stop
 * reading would leave as many events in the client's buffers as fit there, of any size, and 23.10 drops a subscriber
 * that stops anyway.
 */
export class Feed {
  readonly #items: FeedItem[] = [];
  #at = 0;
  #bytes = 0;
  #over = false;
  #ranAhead = false;
  #error: Error | undefined;
  #wake: () => void = () => undefined;
  readonly #subscription: Marked;

  /** Begins after `from`, which is the position of an event or of a `progress`. */
  constructor(client: EventStoreDBClient, from: Position, prefixes: readonly string[]) {
    const marks = {
      maxSearchWindow: SEARCH_WINDOW,
      checkpointInterval: 1,
      // The mark goes through the client's buffer behind the events before it; a callback would be ahead of them.
      checkpointReached: async (_: unknown, { commit }: ClientPosition): Promise<void> => {
        this.#subscription.push({ kind: 'progress', position: commit as Position });
      },
    };
    this.#subscription = client.subscribeToAll(
      {
        fromPosition: from === ORIGIN ? START : { commit: from, prepare: from },
        filter:
          prefixes.length > 0
            ? streamNameFilter({ prefixes: [...prefixes], ...marks })
            : eventTypeFilter({ regex: '^[^$].*', ...marks }),
        requiresLeader: true,
      },
      { highWaterMark: HIGH_WATER_MARK },
    );
    this.#subscription.on('caughtUp', () => this.#subscription.push({ kind: 'live' }));
    this.#subscription.on('data', (item: AllStreamResolvedEvent | FeedItem) => this.#take(item));
    // Stays for good: the client may tell of several errors, and one that nobody hears ends the process.
    this.#subscription.on('error', (error) => this.#end(error));
    this.#subscription.on('end', () => this.#end());
    this.#subscription.on('close', () => this.#end());
  }

  /** True if nothing is waiting to be taken. */
  get isEmpty(): boolean {
    return this.#at === this.#items.length;
  }

  /** True if nothing more will come: the server or the connection ended it, or it ran too far ahead. */
  get isOver(): boolean {
    return this.#over;
  }

  /** True if it let go because its reader did not follow. */
  get ranAhead(): boolean {
    return this.#ranAhead;
  }

  /** What ended it; `undefined` after a clean end. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** The oldest item, taken out. */
  take(): FeedItem | undefined {
    const item = this.#items[this.#at];
    if (item === undefined) return undefined;
    this.#at++;
    this.#bytes -= weight(item);
    if (this.#at === this.#items.length) {
      this.#items.length = 0;
      this.#at = 0;
    }
    return item;
  }

  /** Resolves when something waits or it is over: true; after `ms` or an abort: false. */
  wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.isEmpty || this.#over) return Promise.resolve(true);
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wake = () => undefined;
        resolve(!this.isEmpty || this.#over);
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  /** Lets go of the server. What was not taken is dropped. */
  close(): void {
    this.#letGo();
    this.#items.length = 0;
    this.#at = 0;
  }

  #take(item: AllStreamResolvedEvent | FeedItem): void {
    if (this.#over) return;
    if ('kind' in item) this.#put(item);
    else {
      const event = recordedEvent(item);
      if (event !== undefined) this.#put({ kind: 'event', event });
    }
  }

  #put(item: FeedItem): void {
    this.#items.push(item);
    this.#bytes += weight(item);
    if (this.#bytes >= MAX_AHEAD_BYTES) {
      this.#ranAhead = true;
      this.#letGo();
    }
    this.#wake();
  }

  #letGo(): void {
    this.#end();
    // It hangs while there is no connection yet, which is why nobody waits for it.
    this.#subscription.unsubscribe().catch(() => undefined);
  }

  #end(error?: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    this.#wake();
  }
}

function weight(item: FeedItem): number {
  return item.kind === 'event'
    ? ITEM_BYTES + item.event.data.length + item.event.metadata.length
    : ITEM_BYTES;
}

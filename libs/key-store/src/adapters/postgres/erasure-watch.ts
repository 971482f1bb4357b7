import { setTimeout as pause } from 'node:timers/promises';
import type { Ref } from '#kernel';
import { Listener } from '#postgres';
import type { IdentifierCache } from '../common/identifier-cache.ts';
import { erasureChannel, type KeyDatabase } from './key-database.ts';

/** Where erasures are heard of. */
export interface WatchOptions {
  readonly url: string;
  readonly applicationName: string;
  /** Ms between two looks at the table, should a notification be lost. */
  readonly pollMs: number;
}

/** A memory that nobody compared with the table for so many ms is not believed. */
const TRUST_MS = 3_000;

/**
 * Drops from memory what other processes erase: at once by a notification, within `pollMs` by looking. Whoever answers
 * from memory asks `settle` first: after 3 s without a look, the next answer waits for one, or fails.
 */
export class ErasureWatch {
  readonly #listener: Listener;
  readonly #closing = new AbortController();
  readonly #polling: Promise<void>;
  #lookedAt = -Infinity;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly tables: KeyDatabase,
    private readonly cache: IdentifierCache,
    private readonly options: WatchOptions,
    /** Number of the newest erasure when the memory was still empty. */
    private seen: bigint,
  ) {
    this.#listener = new Listener({
      url: options.url,
      applicationName: options.applicationName,
      channel: erasureChannel(tables.schema),
      heard: () => void this.look().catch(() => undefined),
    });
    this.#polling = this.#poll();
  }

  /** True if the memory may be believed as it is. */
  get settled(): boolean {
    return performance.now() - this.#lookedAt < TRUST_MS;
  }

  /** Forgets all that was erased until now. Throws `PostgresUnavailable`. */
  async look(): Promise<void> {
    // One that is under way may have begun before what the caller has heard of.
    while (this.#looking !== undefined) await this.#looking.catch(() => undefined);
    this.#looking = this.#look();
    try {
      await this.#looking;
    } finally {
      this.#looking = undefined;
    }
  }

  /** Ends. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listener.close();
    await this.#polling;
    await this.#looking?.catch(() => undefined);
  }

  async #look(): Promise<void> {
    const began = performance.now();
    const { database, schema } = this.tables;
    const found = await database.query<[bigint, string[]]>(
      `SELECT number, refs::text[] FROM ${schema}.key_erasures WHERE number > $1::int8 ORDER BY number`,
      [String(this.seen)],
    );
    for (const [number, refs] of found) {
      for (const ref of refs) this.cache.forget(ref as Ref);
      this.seen = number;
    }
    this.#lookedAt = began;
  }

  async #poll(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.look().catch(() => undefined);
      await pause(this.options.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { failed, type StateDatabase } from './postgres-database.ts';
import type { Lease, LeaseEpoch } from '../../lease.port.ts';

/** What was taken, and how often it must be renewed. */
export interface Holding extends LeaseEpoch {
  readonly holder: string;
  readonly ttlMs: number;
  readonly pollMs: number;
}

/** A lease that renews itself until it is released or lost. */
export class HeldLease implements Lease {
  readonly name: string;
  readonly epoch: bigint;
  readonly #lost = new AbortController();
  readonly #ending = new AbortController();
  readonly #renewing: Promise<void>;
  #renewedAt: number;

  constructor(
    private readonly tables: StateDatabase,
    private readonly holding: Holding,
    /** Monotonic ms when the lease was asked for: its time runs from there, not from the answer. */
    takenAt: number,
  ) {
    this.name = holding.name;
    this.epoch = holding.epoch;
    this.#renewedAt = takenAt;
    this.#renewing = this.#renew();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async release(): Promise<void> {
    this.#ending.abort();
    await this.#renewing;
    if (this.#lost.signal.aborted) return;
    this.#lost.abort();
    // Where this fails the lease runs out by itself.
    await this.#change('holder = NULL').catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const { ttlMs, pollMs } = this.holding;
    while (!this.#ending.signal.aborted) {
      const asked = performance.now();
      const renewed = await this.#change('renewed_at = clock_timestamp()').catch(() => undefined);
      if (renewed) this.#renewedAt = asked;
      if (renewed === false || performance.now() - this.#renewedAt > ttlMs) return this.#lost.abort();
      await pause(Math.min(2 * pollMs, ttlMs / 3), undefined, { signal: this.#ending.signal }).catch(
        () => undefined,
      );
    }
  }

  /** False if another one holds the lease. */
  async #change(assignment: string): Promise<boolean> {
    const { name, epoch, holder } = this.holding;
    const [changed] = await this.tables.database
      .query(
        `UPDATE ${this.tables.schema}.leases SET ${assignment} WHERE name = $1 AND epoch = $2 AND holder = $3
           RETURNING 1`,
        [name, String(epoch), holder],
      )
      .catch(failed('write'));
    return changed !== undefined;
  }
}

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailable } from '../../errors.ts';
import type { Lease, Leases, LeaseStanding } from '../../lease.port.ts';
import { failed, openStateDatabase, type PostgresOptions, type StateDatabase } from './postgres-database.ts';
import { HeldLease } from './held-lease.ts';

/** Where the leases lie, and how quickly they pass on. */
export interface PostgresLeasesOptions extends PostgresOptions {
  /** Ms without a renewal after which a lease is free; 6,000 by default. All processes should use the same. */
  readonly ttlMs?: number;
  /** Ms between two looks of a standby, and between two renewals twice of it; 1,000 by default. */
  readonly pollMs?: number;
  /** Shown to people as the holder; host name and process id by default. */
  readonly holder?: string;
}

/**
 * Leases as rows of PostgreSQL, by the clock of the database: a standby takes over at most `ttlMs + pollMs` (7 s) after
 * the last renewal of a holder that died. Throws `StoreUnavailable`, `StoreFailed`.
 */
export async function openPostgresLeases(options: PostgresLeasesOptions): Promise<Leases> {
  // A renewal that waits out a restart of the database is worth nothing; the next one comes by itself.
  const tables = await openStateDatabase({ ...options, poolSize: 2, patienceMs: 0 });
  return new PostgresLeases(tables, {
    ttlMs: options.ttlMs ?? 6_000,
    pollMs: options.pollMs ?? 1_000,
    holder: options.holder ?? `${hostname()}:${process.pid}`,
  });
}

interface Timing {
  readonly ttlMs: number;
  readonly pollMs: number;
  readonly holder: string;
}

class PostgresLeases implements Leases {
  readonly #held = new Set<HeldLease>();
  readonly #closing = new AbortController();
  /** Tells two of one process apart, and one before a restart from the one after it. */
  readonly #holder: string;

  constructor(
    private readonly tables: StateDatabase,
    private readonly timing: Timing,
  ) {
    this.#holder = `${timing.holder}:${randomUUID()}`;
  }

  async acquire(name: string, signal: AbortSignal): Promise<Lease | undefined> {
    const given = AbortSignal.any([signal, this.#closing.signal]);
    while (!given.aborted) {
      const asked = performance.now();
      const epoch = await this.#take(name).catch((error: unknown) => {
        // A standby waits for the database as it waits for the lease.
        if (error instanceof StoreUnavailable) return undefined;
        throw error;
      });
      if (epoch !== undefined) {
        const lease = new HeldLease(
          this.tables,
          { name, epoch, ...this.timing, holder: this.#holder },
          asked,
        );
        this.#held.add(lease);
        lease.lost.addEventListener('abort', () => this.#held.delete(lease), { once: true });
        return lease;
      }
      await pause(this.timing.pollMs, undefined, { signal: given }).catch(() => undefined);
    }
    return undefined;
  }

  async standing(name: string): Promise<LeaseStanding | undefined> {
    const [found] = await this.tables.database
      .query<[bigint, string | null, number]>(
        `SELECT epoch, holder, (extract(epoch FROM clock_timestamp() - renewed_at) * 1000)::float8
           FROM ${this.tables.schema}.leases WHERE name = $1`,
        [name],
      )
      .catch(failed('read'));
    if (found === undefined) return undefined;
    const [epoch, holder, renewedAgoMs] = found;
    return { name, epoch, holder, renewedAgoMs };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const lease of this.#held) await lease.release();
    await this.tables.database.close();
  }

  async #take(name: string): Promise<bigint | undefined> {
    const { database, schema } = this.tables;
    const free = `l.holder IS NULL OR l.renewed_at + l.ttl_ms * interval '1 ms' < clock_timestamp()`;
    // Looked at without a lock first: taking waits for the holder's commit under way, and looking must not.
    const [held] = await database
      .query(`SELECT 1 FROM ${schema}.leases l WHERE l.name = $1 AND NOT (${free})`, [name])
      .catch(failed('read'));
    if (held !== undefined) return undefined;
    const [taken] = await database
      .query<[bigint]>(
        `INSERT INTO ${schema}.leases AS l (name, epoch, holder, ttl_ms, renewed_at)
           VALUES ($1, 1, $2, $3, clock_timestamp())
         ON CONFLICT (name) DO UPDATE SET epoch = l.epoch + 1, holder = excluded.holder, ttl_ms = excluded.ttl_ms,
           renewed_at = clock_timestamp()
         WHERE ${free}
         RETURNING epoch`,
        [name, this.#holder, this.timing.ttlMs],
      )
      .catch(failed('write'));
    return taken?.[0];
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { LogLines } from '#apps/process';
import { messageOf } from '#kernel';
import type { Lease } from '#state-store';
import type { AcquireLease } from './lease.ts';

/** What a projector is doing. `standby`: another one is active. */
export type Role = 'standby' | 'starting' | 'active' | 'stopped';

/** Projections that are open and follow the log. */
export interface Running {
  /** Stops the work and closes what it has open. */
  stop(): Promise<void>;
}

/** What a projector needs. */
export interface ProjectorParts<R extends Running> {
  readonly acquire: AcquireLease;
  /** Opens projections under a lease, and begins to follow the log. What it throws is told and tried again. */
  readonly open: (lease: Lease) => Promise<R>;
  readonly lines: LogLines;
  /** Deposed projections do not stop: only the end of the process ends them. */
  readonly onStuck: () => void;
}

/** How long to wait before projections that did not open are tried again. */
const REOPEN_MS = 2_000;

/** A lease that cannot be asked for is asked for again so soon: a take-over must not wait for more. */
const ASK_AGAIN_MS = 1_000;

/** Deposed work that has not ended by then is stuck. */
const STOP_MS = 10_000;

/**
 * Runs the projections while it has the lease, and waits for it while another process has. Who loses it stops and waits
 * again: nothing that it had begun can be committed any more.
 */
export class Projector<R extends Running> {
  readonly #closing = new AbortController();
  readonly #loop: Promise<void>;
  #role: Role = 'standby';
  #running: R | undefined;
  #isOpen: () => void = () => undefined;

  /** Settles when projections are open here for the first time, or never will be. */
  readonly opened: Promise<void>;

  private constructor(private readonly parts: ProjectorParts<R>) {
    this.opened = new Promise((resolve) => (this.#isOpen = resolve));
    this.#loop = this.#run().finally(() => {
      this.#role = 'stopped';
      this.#isOpen();
    });
  }

  /** Begins to wait for the lease. */
  static start<R extends Running>(parts: ProjectorParts<R>): Projector<R> {
    return new Projector(parts);
  }

  /** What it is doing. */
  get role(): Role {
    return this.#role;
  }

  /** The projections while they are open here. */
  get running(): R | undefined {
    return this.#running;
  }

  /** Stops the work, gives the lease back and waits for both. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#role = 'standby';
      const lease = await this.#acquire();
      if (lease === undefined) return;
      this.parts.lines.info({ epoch: lease.epoch.toString() }, 'this projector is active');
      await this.#term(lease);
      await lease.release().catch((error: unknown) => this.#tell(error, 'the lease is not given back'));
      if (!signal.aborted) this.parts.lines.warn({}, 'the lease was lost; this projector is on standby');
    }
  }

  async #acquire(): Promise<Lease | undefined> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        return await this.parts.acquire(signal);
      } catch (error) {
        this.#tell(error, 'the lease cannot be asked for');
        await pause(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  /** One time of being active: from the lease to its loss, or to the end of the process. */
  async #term(lease: Lease): Promise<void> {
    const over = AbortSignal.any([this.#closing.signal, lease.lost]);
    this.#role = 'starting';
    while (!over.aborted && this.#running === undefined) {
      try {
        this.#running = await this.parts.open(lease);
      } catch (error) {
        this.#tell(error, 'projections do not open; touchpoints are taken, reads must wait');
        await pause(REOPEN_MS, undefined, { signal: over }).catch(() => undefined);
      }
    }
    if (this.#running === undefined) return;
    this.#role = 'active';
    this.#isOpen();
    await aborted(over);
    const running = this.#running;
    this.#running = undefined;
    await this.#stop(running);
  }

  /** Whoever was deposed has nothing left to save: what hangs then must not keep it from standing by. */
  async #stop(running: R): Promise<void> {
    const stopped = running.stop().catch((error: unknown) => this.#tell(error, 'projections do not stop'));
    if (this.#closing.signal.aborted) return stopped;
    const late = pause(STOP_MS, 'late', { ref: false });
    if ((await Promise.race([stopped, late])) === 'late') this.parts.onStuck();
  }

  #tell(error: unknown, message: string): void {
    this.parts.lines.error({ error: messageOf(error) }, message);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

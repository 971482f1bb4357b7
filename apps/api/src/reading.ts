import { setTimeout as pause } from 'node:timers/promises';
import type { Generation } from '#apps/projector';
import type { Position } from '#kernel';
import type { SqlDoor, Warehouse } from '#warehouse';
import { problem } from './access.ts';

/** What reads are answered from, once it is open. */
export interface OpenReads {
  /** The generation that is read now; another one after a rebuild. */
  readonly generation: () => Generation;
  readonly warehouse: Warehouse;
  readonly door: SqlDoor;
  /** Position of the log's last event. */
  readonly head: () => Promise<Position>;
}

/** What the API reads. Touchpoints are taken before it is open; reads wait for it. */
export class Reading {
  constructor(
    /** `undefined` while projections and warehouse are starting. */
    private readonly opened: () => OpenReads | undefined,
    /** Settles when they are open, or never will be because the process ends. */
    private readonly opening: Promise<void>,
  ) {}

  /** True once projections and warehouse are open. */
  get isOpen(): boolean {
    return this.opened() !== undefined;
  }

  /** Waits until projections and warehouse are open; throws 503 if they are not after `timeoutMs`. */
  async whenOpen(timeoutMs: number): Promise<void> {
    if (this.isOpen) return;
    const patience = new AbortController();
    const tooLong = pause(timeoutMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.opening, tooLong]);
    patience.abort();
    this.#open();
  }

  /** The generation of the projections that is read now. Throws 503 while it is starting. */
  generation(): Generation {
    return this.#open().generation();
  }

  /** The tables. Throws 503 while they are starting. */
  get warehouse(): Warehouse {
    return this.#open().warehouse;
  }

  /** The SQL door. Throws 503 while it is starting. */
  get door(): SqlDoor {
    return this.#open().door;
  }

  /** Position of the log's last event. Throws 503 while projections are starting. */
  head(): Promise<Position> {
    return this.#open().head();
  }

  #open(): OpenReads {
    const opened = this.opened();
    if (opened === undefined)
      throw problem(503, 'Temas is starting: touchpoints are taken, reads come in a moment');
    return opened;
  }
}

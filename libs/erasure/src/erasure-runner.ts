import { setTimeout as pause } from 'node:timers/promises';
import { reach } from '#kernel';
import type { EventId } from '#kernel';
import type { KeyStore } from '#key-store';
import { refsToDestroy, refsToSuppress } from './erasure.ts';
import type { Erasure, ErasureCase, ErasureReport } from './erasure.ts';
import type { ErasureDesk } from './erasure-desk.ts';
import type { ErasureRegister } from './erasure-register.ts';

/** How often is looked whether the projections have come to an erasure. */
const LOOK_MS = 100;

/** Pause after a step that failed, and without anything to do. */
const IDLE_MS = 1_000;

/** The projections as an erasure sees them. */
export interface ErasedProjections {
  /** True once the read generation holds nothing of the person any more, tables included. */
  settled(erasure: Erasure): Promise<boolean>;
  /** Deletes what lies outside the generations, then counts what is left. Repeatable. */
  scrub(erasure: Erasure): Promise<Pick<ErasureReport, 'stateStore' | 'warehouse'>>;
}

/** What a runner needs. */
export interface ErasureRunnerParts {
  readonly register: ErasureRegister;
  readonly desk: ErasureDesk;
  readonly keys: KeyStore;
  readonly projections: ErasedProjections;
  readonly onTrouble: (step: string, error: unknown) => void;
}

/**
 * Carries orders to erase out, one after the other, and finishes what a process before it left: every step may be
 * repeated, and only the end of all of them is told to the log.
 */
export class ErasureRunner {
  readonly #closing = new AbortController();
  /** Erasures whose keys this process has destroyed; after a restart it does so again, which changes nothing. */
  readonly #destroyed = new Set<EventId>();
  #wake: () => void = () => undefined;
  #unlisten: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(private readonly parts: ErasureRunnerParts) {}

  /** Begins to carry out what is ordered. */
  start(): void {
    this.#unlisten = this.parts.register.onChange(() => this.#wake());
    this.#loop = this.#run();
  }

  /** Ends after the step under way; the next start goes on. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#unlisten();
    this.#wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let isUpToDate = false;
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const idle = (): Promise<void> => pause(IDLE_MS, undefined, { signal }).catch(() => undefined);
      try {
        // Another process may have folded an order, and died before the end.
        if (!isUpToDate) await this.parts.register.refresh();
        isUpToDate = true;
        const [next] = this.parts.register.unfinished();
        if (next === undefined) await Promise.race([woken, idle()]);
        else await this.#carryOut(next);
      } catch (error) {
        this.parts.onTrouble('erasure', error);
        await idle();
      }
    }
  }

  async #carryOut(found: ErasureCase): Promise<void> {
    const { projections, desk } = this.parts;
    const { erasure } = found;
    const { signal } = this.#closing;
    await this.#destroyKeys();
    while (!(await projections.settled(erasure))) {
      await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      // A rebuild may take long: nobody else's keys wait for it.
      await this.#destroyKeys();
    }
    const rest = await projections.scrub(erasure);
    await desk.finish(found, { keyStore: await this.#keysLeft(erasure), ...rest });
    reach('erasure-finished');
  }

  /**
   * Destroys the keys of all that is ordered, in one go: the key store writes itself anew each time. Before the
   * projections, so that from here on nobody seals anything more of the people, wherever they stand.
   */
  async #destroyKeys(): Promise<void> {
    const due = this.parts.register
      .unfinished()
      .map(({ erasure }) => erasure)
      .filter(({ erasureId }) => !this.#destroyed.has(erasureId));
    for (const workspace of new Set(due.map((erasure) => erasure.workspace))) {
      const theirs = due.filter((erasure) => erasure.workspace === workspace);
      const [refs, suppress] = [theirs.flatMap(refsToDestroy), theirs.flatMap(refsToSuppress)];
      await this.parts.keys.erase({ workspace, refs, suppress });
      reach('keys-destroyed');
      for (const { erasureId } of theirs) this.#destroyed.add(erasureId);
    }
  }

  async #keysLeft(erasure: Erasure): Promise<ErasureReport['keyStore']> {
    const { keys } = this.parts;
    const refs = refsToDestroy(erasure);
    const left = await keys.keysOf(refs);
    const remains = await keys.remains();
    return {
      refs: refs.length,
      suppressed: refsToSuppress(erasure).length,
      keysLeft: left.filter((key) => key !== null).length,
      remains: remains === undefined ? null : { ...remains },
    };
  }
}

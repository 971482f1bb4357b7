import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from '#event-log';
import type { StateStore } from '#state-store';
import type { Beat, Board } from '../board/board.ts';
import { FollowedGeneration } from './followed-generation.ts';

/** How often is looked while nobody waits, and while somebody does: three rows. */
const LOOK_MS = 250;
const AWAITED_MS = 40;

/** A projector that says nothing for so long is taken for dead. */
const SILENCE_MS = 5_000;

/** Reads of the generation before may be under way this long. */
const LAST_READS_MS = 2_000;

/** What a follower of projections needs. */
export interface FollowedParts {
  readonly log: EventLog;
  readonly board: Board;
  /** Opens the state of a generation for reading. */
  readonly openState: (generation: number) => Promise<StateStore>;
  /** Told of what failed and is tried again. */
  readonly onTrouble: (step: string, error: unknown) => void;
}

/** The projections as a process sees them that does not run them: which generation is read, and how far it is. */
export class FollowedProjections {
  readonly #closing = new AbortController();
  readonly #opening: (() => void)[] = [];
  #current: FollowedGeneration | undefined;
  #beat: Beat | undefined;
  #heardAt = -Infinity;
  #wake = new AbortController();
  #loop: Promise<void>;

  constructor(private readonly parts: FollowedParts) {
    this.#loop = this.#follow();
  }

  /** The generation that is read now; `undefined` until a projector was active. */
  get current(): FollowedGeneration | undefined {
    return this.#current;
  }

  /** The newest word of the active projector; `undefined` while there is none alive. */
  get alive(): Beat | undefined {
    return performance.now() - this.#heardAt < SILENCE_MS ? this.#beat : undefined;
  }

  /** Settles when there is a generation to read, or the follower is closed. */
  opened(): Promise<void> {
    if (this.#current !== undefined || this.#closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => this.#opening.push(resolve));
  }

  /** Stops following and closes the state. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    await this.#loop;
    await this.#current?.state.close();
    for (const settle of this.#opening) settle();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      try {
        await this.#look();
      } catch (error) {
        this.parts.onTrouble('follow-projections', error);
      }
      const every = this.#current?.awaited ? AWAITED_MS : LOOK_MS;
      // Whoever begins to wait shortens a long pause, never the pause between two looks.
      const woken = every === LOOK_MS ? AbortSignal.any([signal, this.#wake.signal]) : signal;
      await pause(every, undefined, { signal: woken }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const beat = await this.parts.board.beat();
    if (beat === undefined) return;
    if (beat.count !== this.#beat?.count || beat.epoch !== this.#beat.epoch) {
      // The first one may be years old: only a change tells that somebody lives.
      if (this.#beat !== undefined) this.#heardAt = performance.now();
      this.#beat = beat;
    }
    const current = this.#current;
    if (current === undefined || current.number !== beat.generation || current.state.epoch !== beat.epoch)
      await this.#open(beat);
    await this.#current?.look();
  }

  async #open({ generation, epoch }: Beat): Promise<void> {
    const { log, openState } = this.parts;
    const state = await openState(generation);
    if (state.epoch !== epoch) {
      await state.close();
      return;
    }
    const old = this.#current;
    this.#current = await FollowedGeneration.open(
      log,
      state,
      generation,
      () => this.#beat,
      () => this.#wake.abort(),
    );
    for (const settle of this.#opening.splice(0)) settle();
    if (old === undefined) return;
    setTimeout(() => {
      old.state.close().catch((error: unknown) => this.parts.onTrouble('close-old-generation', error));
    }, LAST_READS_MS).unref();
  }
}

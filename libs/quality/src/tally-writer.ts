import { randomUUID } from 'node:crypto';
import { LogUnavailable } from '#event-log';
import type { EventLog, NewEvent } from '#event-log';
import type { Workspace } from '#kernel';
import type { ArrivalTally } from './arrival-tally.ts';
import { ForeignWriter } from './errors.ts';
import { tallyEvent, tallyStream } from './tally-event.ts';

/** How often counts are written down, ms: what a crash may lose. */
const WRITE_EVERY_MS = 2_000;

/** One stream of a workspace, which only this writer writes. */
interface Lane {
  readonly stream: string;
  revision: bigint;
  /** Written under this id until it is known to stand there. */
  pending?: NewEvent;
}

/** Writes what a tally counted into the log, every other second where there is anything. */
export class TallyWriter {
  readonly #writer = randomUUID().slice(0, 8);
  readonly #lanes = new Map<Workspace, Lane>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: EventLog,
    private readonly tally: ArrivalTally,
  ) {}

  /** Begins to write. */
  start(): void {
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#write());
    }, WRITE_EVERY_MS).unref();
  }

  /** Writes what is left, then stops. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    await this.#write();
  }

  /** What is under way goes first: while the log does not answer, the tally counts on, and keeps to its bounds. */
  async #write(): Promise<void> {
    for (const lane of this.#lanes.values()) if (!(await this.#append(lane))) return;
    for (const [workspace, counts] of this.tally.take()) {
      const lane = this.#lane(workspace);
      lane.pending = tallyEvent(randomUUID(), counts);
      await this.#append(lane);
    }
  }

  /** True if nothing of the lane is under way any more. */
  async #append(lane: Lane): Promise<boolean> {
    const { stream, revision, pending } = lane;
    if (pending === undefined) return true;
    try {
      const result = await this.log.append(stream, [pending], revision < 0n ? 'noStream' : revision);
      if (result.outcome === 'conflict') throw new ForeignWriter(stream);
      lane.revision = result.revision;
      delete lane.pending;
      return true;
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
      return false;
    }
  }

  #lane(workspace: Workspace): Lane {
    let lane = this.#lanes.get(workspace);
    if (lane === undefined) {
      lane = { stream: tallyStream(workspace, this.#writer), revision: -1n };
      this.#lanes.set(workspace, lane);
    }
    return lane;
  }
}

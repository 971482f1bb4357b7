import { setTimeout as pause } from 'node:timers/promises';
import type { ConfigFollower, FitDesk, FitEnd, FitRun } from '#config';
import { messageOf } from '#kernel';
import type { EventId, Position, Workspace } from '#kernel';
import { type Warehouse, WarehouseUnavailable } from '#warehouse';
import { dueSchedule } from './due-schedule.ts';
import { FitThread } from './fit-thread.ts';
import { dropSuperseded, scoringRuns, syncModelRuns } from './model-runs.ts';
import { isAnybodyTouched } from './rescore.ts';
import { type FitJob, type FitProgress, NO_PROGRESS } from './run-fit.ts';

/** The tables, once they are open. */
export interface FitTables {
  readonly warehouse: Warehouse;
  /** Every event up to here is in the tables. */
  readonly position: () => Position;
  /** True once the tables have come to a position, false after `timeoutMs`. */
  readonly reached: (position: Position, timeoutMs: number) => Promise<boolean>;
}

/** What a runner needs. */
export interface FitRunnerParts {
  readonly follower: ConfigFollower;
  readonly desk: FitDesk;
  readonly workspaces: readonly Workspace[];
  /** `undefined` while they are opening. */
  readonly tables: () => FitTables | undefined;
  /** Told of what failed and is tried again. Messages hold no personal data. */
  readonly onTrouble: (step: string, error: unknown) => void;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

const IDLE_MS = 1_000;
const WAIT_MS = 1_000;
const ATTEMPTS = 3;
/** Looking for people to score anew takes at most this share of the time. */
const LOOKING_SHARE = 0.1;
const LOOK_AT_MOST_EVERY_MS = 2_000;

/**
 * Runs the fits that were asked for, one after another, those of schedules too, and scores anew who changed since. What
 * was under way when the process ended is run again at the next start.
 */
export class FitRunner {
  readonly #closing = new AbortController();
  #wake: () => void = () => undefined;
  #thread: FitThread | undefined;
  #running: { readonly runId: EventId; progress: FitProgress } | undefined;
  #looked: { readonly position: Position; readonly again: number } | undefined;
  #unlisten: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();
  #synced = false;

  constructor(private readonly parts: FitRunnerParts) {}

  /** Begins. */
  start(): void {
    this.#unlisten = this.parts.follower.onChange((workspace) => {
      const running = this.#running;
      const run = running && this.parts.follower.state(workspace).fits.get(running.runId);
      if (run !== undefined && run.status !== 'queued') this.#thread?.stop();
      this.#wake();
    });
    this.#loop = this.#run();
  }

  /** How far a fit is; `undefined` for one that is not running. */
  progressOf(runId: EventId): FitProgress | undefined {
    return this.#running?.runId === runId ? this.#running.progress : undefined;
  }

  /** The fit under way, and how far it is. */
  get running(): { readonly runId: EventId; readonly progress: FitProgress } | undefined {
    return this.#running;
  }

  /** True while a fit or a rescoring reads purchases or writes scores. */
  get working(): boolean {
    return this.#running !== undefined || this.#thread?.busy === true;
  }

  /** Stops the work under way and waits for its end. A fit that was running stays queued. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#unlisten();
    this.#thread?.stop();
    this.#wake();
    await this.#loop;
    await this.#thread?.close();
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      try {
        if (await this.#step()) continue;
      } catch (error) {
        this.parts.onTrouble('fits', error);
      }
      const idle = pause(IDLE_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      await Promise.race([woken, idle]);
    }
  }

  /** Does the next thing there is to do; false if there is none. */
  async #step(): Promise<boolean> {
    const { follower, desk, workspaces, now } = this.parts;
    const tables = this.parts.tables();
    if (tables === undefined) return false;
    const thread = (this.#thread ??= new FitThread(tables.warehouse));
    if (!this.#synced) {
      for (const workspace of workspaces) await syncModelRuns(tables.warehouse, follower.state(workspace));
      this.#synced = true;
    }
    for (const workspace of workspaces) {
      const state = follower.state(workspace);
      const run = [...state.fits.values()].find(({ status }) => status === 'queued');
      if (run !== undefined) {
        await this.#fit(tables, thread, workspace, run);
        return true;
      }
      const schedule = dueSchedule(state, now());
      if (schedule === undefined) continue;
      const result = await desk.request(
        { workspace, actor: schedule.actor },
        schedule.request,
        schedule.name,
      );
      return result.outcome === 'queued';
    }
    if (await this.#rescore(tables, thread)) return true;
    thread.warm();
    return false;
  }

  async #fit(tables: FitTables, thread: FitThread, workspace: Workspace, run: FitRun): Promise<void> {
    const { follower, desk, workspaces } = this.parts;
    const { runId, request } = run;
    const running = { runId, progress: NO_PROGRESS };
    this.#running = running;
    try {
      // A fit sees all that was in the log when it was asked for.
      const asked = follower.position;
      const isWanted = (): boolean =>
        !this.#closing.signal.aborted && follower.state(workspace).fits.get(runId)?.status === 'queued';
      while (isWanted() && !(await tables.reached(asked, WAIT_MS)));
      if (!isWanted()) return;
      const end = await this.#outcomeOf(thread, { workspace, runId, request }, isWanted, (progress) => {
        running.progress = progress;
      });
      if (!isWanted()) return;
      await desk.end({ workspace, actor: 'temas' }, runId, end);
      const states = workspaces.map((name) => follower.state(name));
      await syncModelRuns(tables.warehouse, follower.state(workspace));
      await dropSuperseded(tables.warehouse, states);
    } catch (error) {
      // The end is in the log or will be asked for again; the tables follow at the next chance.
      this.#synced = false;
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  async #outcomeOf(
    thread: FitThread,
    job: FitJob,
    isWanted: () => boolean,
    onProgress: (progress: FitProgress) => void,
  ): Promise<FitEnd> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const outcome = await thread.fit(job, onProgress);
        if (outcome.outcome === 'fitted') return { status: 'succeeded', result: outcome.result };
        if (outcome.outcome === 'cancelled') return { status: 'cancelled' };
        return { status: 'failed', reason: outcome.reason };
      } catch (error) {
        this.parts.onTrouble('fit', error);
        const again = error instanceof WarehouseUnavailable && attempt < ATTEMPTS;
        if (!again) return { status: 'failed', reason: { code: 'broken', detail: messageOf(error) } };
        await pause(IDLE_MS);
        if (!isWanted()) return { status: 'cancelled' };
      }
    }
  }

  #isFitWaiting(): boolean {
    const { follower, workspaces } = this.parts;
    return workspaces.some((workspace) =>
      [...follower.state(workspace).fits.values()].some(({ status }) => status === 'queued'),
    );
  }

  /** Scores anew who changed; a fit that waits goes first. False if nobody did, or it is too early to look. */
  async #rescore(tables: FitTables, thread: FitThread): Promise<boolean> {
    const { follower, workspaces } = this.parts;
    const position = tables.position();
    const looked = this.#looked;
    const started = performance.now();
    if (looked !== undefined && (looked.position === position || started < looked.again)) return false;
    let people = 0;
    for (const workspace of workspaces) {
      for (const { runId, request, result } of scoringRuns(follower.state(workspace))) {
        if (this.#isFitWaiting()) return true;
        const job = { workspace, runId, request };
        if (!(await isAnybodyTouched(tables.warehouse, job, result))) continue;
        people += await thread.rescore(job, result);
      }
    }
    const took = performance.now() - started;
    const again = performance.now() + Math.max(LOOK_AT_MOST_EVERY_MS, took / LOOKING_SHARE);
    this.#looked = { position, again };
    return people > 0;
  }
}

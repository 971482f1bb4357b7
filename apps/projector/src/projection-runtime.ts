import { setTimeout as pause } from 'node:timers/promises';
import type { Position, Workspace } from '#kernel';
import type { EventLog, RecordedEvent } from '#event-log';
import { createReadyViews } from '#journey';
import type { KeyStore } from '#key-store';
import { FOLD_VERSION, Pipeline, PROFILE_CHECKPOINT } from '#projection';
import type { Monitor, PlanOutcome, RulesOnTrial } from '#projection';
import type { StateStore, StateStores } from '#state-store';
import {
  createViews,
  digest,
  dropGeneration,
  listGenerations,
  migrate,
  readEpoch,
  warehouseSink,
  writeEpoch,
} from '#warehouse';
import type { RelationDigest, Warehouse, WarehouseDigest } from '#warehouse';
import { MAPPING_VERSION } from '#webhook';
import { planInScratch } from './plan-in-scratch.ts';

/** Engines that the projections run over. */
export interface RuntimeParts {
  /** State of the generations, and which of them is read. */
  readonly states: StateStores;
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly warehouse: Warehouse;
  readonly workspaces: readonly Workspace[];
  readonly monitor: Monitor;
  /** Open overrides of a kind from which on they are folded into the rows. */
  readonly squashAfter: number;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Told of each event of a `subject-` stream, as soon as a generation reads it. */
  readonly onSubject?: (event: RecordedEvent) => void;
}

/** How a rebuild ended. */
export interface RebuildReport {
  readonly from: number;
  readonly to: number;
  /** Position at which both generations were compared. */
  readonly position: Position;
  readonly views: readonly ViewComparison[];
  readonly equal: boolean;
}

/** One public view of both generations. */
export interface ViewComparison {
  readonly view: string;
  readonly equal: boolean;
  readonly before: RelationDigest;
  readonly after: RelationDigest;
}

/** Progress of a rebuild, for whoever watches. */
export type RebuildProgress = (step: string, done: Position, of: Position) => void;

/** How often a rebuild tells how far it is. */
const PROGRESS_MS = 200;

/** Reads that began on the old generation may still be under way this long after the switch. */
const LAST_READS_MS = 2_000;

/** Keeps one generation of the projections running, and builds the next one beside it (design §8). */
export class ProjectionRuntime {
  /** The generation that is being built. */
  #next: Pipeline | undefined;
  #stopped = false;

  private constructor(
    private readonly parts: RuntimeParts,
    private generation: number,
    private pipeline: Pipeline,
    /** The log was read by another version: its webhook items may hold identifiers that nobody found. */
    private readonly rereads: boolean,
  ) {}

  /**
   * Opens the current generation where it stands. State and tables that do not belong together (one of them was
   * deleted, or restored from another time) are thrown away: the log rebuilds both.
   */
  static async open(parts: RuntimeParts): Promise<ProjectionRuntime> {
    const { states, warehouse, workspaces } = parts;
    let generation = await states.readCurrent();
    await migrate(warehouse, generation);
    let state = await states.open(generation);
    const stamp = await readEpoch(warehouse);
    let rereads = false;
    const fresh = stamp === undefined && (await state.checkpoint(PROFILE_CHECKPOINT)) === 0n;
    if (fresh) await promote(parts, state, generation);
    else if (stamp?.epoch !== epochOf(state) || stamp.generation !== generation) {
      await state.close();
      rereads = true;
      generation = Math.max(generation, ...(await listGenerations(warehouse))) + 1;
      await states.drop(generation);
      state = await states.open(generation);
      await migrate(warehouse, generation);
      await promote(parts, state, generation);
    }
    for (const workspace of workspaces) {
      await createViews(warehouse, workspace, generation);
      await createReadyViews(warehouse, workspace);
    }
    await dropOthers(parts, generation);
    await states.dropScratch();
    return new ProjectionRuntime(parts, generation, await openPipeline(parts, state, generation), rereads);
  }

  /** The generation that reads are answered from. */
  get current(): Pipeline {
    return this.pipeline;
  }

  /** Number of the generation that reads are answered from, from 1. */
  get generationNumber(): number {
    return this.generation;
  }

  /** True once every generation has erased in state and tables what was erased in the log up to a position. */
  hasErased(position: Position): boolean {
    const generations = [this.pipeline, ...(this.#next === undefined ? [] : [this.#next])];
    return generations.every(({ warehouse, entangled }) => warehouse.position >= position && !entangled);
  }

  /** Begins to follow the log. */
  start(): void {
    this.pipeline.start({ publish: true });
    if (!this.rereads) return;
    const { now, monitor } = this.parts;
    this.pipeline
      .deriveIdentifiers(now, () => undefined)
      .catch((error: unknown) => monitor.retrying('derive-identifiers', error));
  }

  /**
   * Ends after the block under way and closes the state stores. A rebuild under way goes no further: what it has built
   * is thrown away by the next start.
   */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.pipeline.stop(), this.#next?.stop()]);
    await this.#next?.state.close();
    await this.pipeline.state.close();
  }

  /** Dry run of rules: who would be who. One at a time. */
  planRules(trial: RulesOnTrial): Promise<PlanOutcome> {
    return planInScratch(this.parts.states, this.pipeline, trial);
  }

  /** Digests of the public views of a workspace, as of now. */
  digests(workspace: Workspace): Promise<WarehouseDigest> {
    return digest(this.parts.warehouse, workspace);
  }

  /**
   * Builds everything anew from the log beside the live generation, brings both to the same position, compares
   * digests, switches readers over and drops the old one. Ingest and reads go on; the live projections stand
   * still only for the comparison.
   */
  async rebuild(progress: RebuildProgress): Promise<RebuildReport> {
    const { parts } = this;
    const from = this.generation;
    const to = from + 1;
    await dropOthers(parts, from);
    await migrate(parts.warehouse, to);
    const next = (this.#next = await openPipeline(parts, await parts.states.open(to), to));
    try {
      await next.deriveIdentifiers(parts.now, (done, of) => progress('deriving', done, of));
      return await this.#rebuildInto(next, from, to, progress);
    } catch (error) {
      if (this.#stopped) throw error;
      // Readers keep the generation they have.
      await Promise.all([next.stop(), this.pipeline.stop()]);
      await next.state.close();
      this.pipeline.start({ publish: true });
      throw error;
    } finally {
      this.#next = undefined;
    }
  }

  async #rebuildInto(
    next: Pipeline,
    from: number,
    to: number,
    progress: RebuildProgress,
  ): Promise<RebuildReport> {
    next.start({ publish: false });
    const head = this.pipeline.warehouse.position;
    while (!(await next.warehouse.reached(head, PROGRESS_MS)))
      progress('folding', next.profiles.position, head);
    await Promise.all([next.stop(), this.pipeline.stop()]);
    const position = later(next.profiles.position, this.pipeline.profiles.position);
    await Promise.all([next.settleAt(position), this.pipeline.settleAt(position)]);
    progress('comparing', position, position);
    const views = await this.#compare(from, to);
    await this.#switchTo(next, to);
    return { from, to, position, views, equal: views.every(({ equal }) => equal) };
  }

  async #compare(from: number, to: number): Promise<ViewComparison[]> {
    const rows: ViewComparison[] = [];
    for (const workspace of this.parts.workspaces) {
      const before = await digest(this.parts.warehouse, workspace, from);
      const after = await digest(this.parts.warehouse, workspace, to);
      for (const [view, old] of Object.entries(before)) {
        const fresh = after[view] as RelationDigest;
        rows.push({ view, equal: old.sha256 === fresh.sha256, before: old, after: fresh });
      }
    }
    return rows;
  }

  async #switchTo(next: Pipeline, generation: number): Promise<void> {
    const old = this.pipeline;
    await promote(this.parts, next.state, generation);
    for (const workspace of this.parts.workspaces)
      await createViews(this.parts.warehouse, workspace, generation);
    this.pipeline = next;
    this.#next = undefined;
    this.generation = generation;
    next.start({ publish: true });
    await pause(LAST_READS_MS);
    try {
      await old.state.close();
      await dropOthers(this.parts, generation);
    } catch (error) {
      // The switch is done; the next start throws away what is left.
      this.parts.monitor.retrying('drop-old-generation', error);
    }
  }
}

/** Makes a generation the one that a start opens. The tables' note comes first: a crash between is a rebuild. */
async function promote(
  { warehouse, states }: RuntimeParts,
  state: StateStore,
  generation: number,
): Promise<void> {
  await writeEpoch(warehouse, { epoch: epochOf(state), generation });
  await states.writeCurrent(generation);
}

/** What state and tables must share. Another version of the folds makes neither fit: the log rebuilds both. */
function epochOf(state: StateStore): string {
  return `${state.epoch}/${FOLD_VERSION}/${MAPPING_VERSION}`;
}

/** Throws away what a crash or a switch left of other generations. */
async function dropOthers({ warehouse, states }: RuntimeParts, generation: number): Promise<void> {
  for (const other of await listGenerations(warehouse)) {
    if (other !== generation) await dropGeneration(warehouse, other);
  }
  for (const other of await states.list()) {
    if (other !== generation) await states.drop(other);
  }
}

function openPipeline(parts: RuntimeParts, state: StateStore, generation: number): Promise<Pipeline> {
  const { log, keys, monitor, warehouse, squashAfter, onSubject } = parts;
  const sink = warehouseSink(warehouse, generation, squashAfter);
  return Pipeline.open({
    ...{ log, keys, state, monitor, sink },
    ...(onSubject === undefined ? {} : { onSubject }),
  });
}

function later(a: Position, b: Position): Position {
  return a > b ? a : b;
}

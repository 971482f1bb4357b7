import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import type { Position, Workspace } from '#kernel';
import type { EventLog } from '#event-log';
import { createMatcher } from '#identity';
import type { KeyStore } from '#key-store';
import { Pipeline } from '#projection';
import type { Monitor } from '#projection';
import { openRocksStateStore } from '#state-store';
import type { StateStore } from '#state-store';
import {
  createTables,
  createViews,
  digestViews,
  dropGeneration,
  readEpoch,
  warehouseSink,
  writeEpoch,
} from '#warehouse';
import type { ViewDigest, Warehouse } from '#warehouse';

/** Engines that the projections run over. */
export interface RuntimeParts {
  /** Directory of the generations' state: `v<n>/` each, `current.json` names the one that is read. */
  readonly stateDir: string;
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly warehouse: Warehouse;
  readonly workspaces: readonly Workspace[];
  readonly monitor: Monitor;
}

/** How a rebuild ended. */
export interface RebuildReport {
  readonly from: number;
  readonly to: number;
  /** Position at which both generations were compared. */
  readonly position: Position;
  readonly views: readonly { readonly view: string; readonly equal: boolean; readonly before: ViewDigest; readonly after: ViewDigest }[];
  readonly equal: boolean;
}

/** Progress of a rebuild, for whoever watches. */
export type RebuildProgress = (step: string, done: Position, of: Position) => void;

/** Fewer events than this behind the live generation: the rest is done while both stand still. */
const NEARLY_THERE_MS = 200;

/** Keeps one generation of the projections running, and builds the next one beside it (design §8). */
export class ProjectionRuntime {
  private constructor(
    private readonly parts: RuntimeParts,
    private generation: number,
    private pipeline: Pipeline,
  ) {}

  /**
   * Opens the current generation where it stands. State and tables that do not belong together (one of them was
   * deleted, or restored from another time) are thrown away: the log rebuilds both.
   */
  static async open(parts: RuntimeParts): Promise<ProjectionRuntime> {
    mkdirSync(parts.stateDir, { recursive: true });
    const generation = readCurrent(parts.stateDir);
    for (const name of readdirSync(parts.stateDir)) {
      if (/^v\d+$/.test(name) && name !== `v${generation}`) rmSync(join(parts.stateDir, name), { recursive: true });
    }
    let state = await openRocksStateStore({ path: join(parts.stateDir, `v${generation}`) });
    const stamp = await readEpoch(parts.warehouse);
    if (stamp?.epoch !== state.epoch || stamp.generation !== generation) {
      await state.close();
      rmSync(join(parts.stateDir, `v${generation}`), { recursive: true });
      state = await openRocksStateStore({ path: join(parts.stateDir, `v${generation}`) });
      await dropGeneration(parts.warehouse, generation);
      await createTables(parts.warehouse, generation);
      await writeEpoch(parts.warehouse, { epoch: state.epoch, generation });
      writeCurrent(parts.stateDir, generation);
    } else {
      await createTables(parts.warehouse, generation);
    }
    for (const workspace of parts.workspaces) await createViews(parts.warehouse, workspace, generation);
    return new ProjectionRuntime(parts, generation, await openPipeline(parts, state, generation));
  }

  /** The generation that reads are answered from. */
  get current(): Pipeline {
    return this.pipeline;
  }

  /** Begins to follow the log. */
  start(): void {
    this.pipeline.start({ publish: true });
  }

  /** Ends after the block under way and closes the state store. */
  async stop(): Promise<void> {
    await this.pipeline.stop();
    await this.pipeline.state.close();
  }

  /** Digests of the public views of a workspace, as of now. */
  digests(workspace: Workspace): Promise<ViewDigest[]> {
    return digestViews(this.parts.warehouse, workspace, this.generation);
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
    const path = join(parts.stateDir, `v${to}`);
    rmSync(path, { recursive: true, force: true });
    await dropGeneration(parts.warehouse, to);
    await createTables(parts.warehouse, to);
    const next = await openPipeline(parts, await openRocksStateStore({ path }), to);
    next.start({ publish: false });
    const head = this.pipeline.warehouse.position;
    while (!(await next.warehouse.reached(head, NEARLY_THERE_MS))) progress('folding', next.profiles.position, head);
    await Promise.all([next.stop(), this.pipeline.stop()]);
    const position = later(next.profiles.position, this.pipeline.profiles.position);
    await Promise.all([next.settleAt(position), this.pipeline.settleAt(position)]);
    progress('comparing', position, position);
    const views = await this.#compare(from, to);
    await this.#switchTo(next, to);
    return { from, to, position, views, equal: views.every(({ equal }) => equal) };
  }

  async #compare(from: number, to: number): Promise<RebuildReport['views']> {
    const rows: RebuildReport['views'][number][] = [];
    for (const workspace of this.parts.workspaces) {
      const before = await digestViews(this.parts.warehouse, workspace, from);
      const after = await digestViews(this.parts.warehouse, workspace, to);
      before.forEach((digest, i) => {
        const other = after[i] as ViewDigest;
        rows.push({ view: digest.view, equal: digest.sha256 === other.sha256, before: digest, after: other });
      });
    }
    return rows;
  }

  async #switchTo(next: Pipeline, generation: number): Promise<void> {
    const { warehouse, workspaces, stateDir } = this.parts;
    const old = { pipeline: this.pipeline, generation: this.generation };
    await writeEpoch(warehouse, { epoch: next.state.epoch, generation });
    writeCurrent(stateDir, generation);
    for (const workspace of workspaces) await createViews(warehouse, workspace, generation);
    this.pipeline = next;
    this.generation = generation;
    next.start({ publish: true });
    await pause(NEARLY_THERE_MS);
    await old.pipeline.state.close();
    rmSync(join(stateDir, `v${old.generation}`), { recursive: true, force: true });
    await dropGeneration(warehouse, old.generation);
  }
}

function openPipeline(parts: RuntimeParts, state: StateStore, generation: number): Promise<Pipeline> {
  const { log, keys, monitor, warehouse } = parts;
  const sink = warehouseSink(warehouse, generation);
  return Pipeline.open({ log, keys, state, monitor, sink, matcher: createMatcher() });
}

function later(a: Position, b: Position): Position {
  return a > b ? a : b;
}

function readCurrent(stateDir: string): number {
  const file = join(stateDir, 'current.json');
  if (!existsSync(file)) return 1;
  return (JSON.parse(readFileSync(file, 'utf8')) as { generation: number }).generation;
}

function writeCurrent(stateDir: string, generation: number): void {
  const draft = join(stateDir, 'current.json.new');
  writeFileSync(draft, JSON.stringify({ generation }));
  renameSync(draft, join(stateDir, 'current.json'));
}

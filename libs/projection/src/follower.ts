import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#kernel';
import { reach, toJsonBytes } from '#kernel';
import { Deposed } from '#state-store';
import type { StateStore, StateWrite } from '#state-store';
import type { Monitor } from './monitor.ts';
import { Progress } from './progress.ts';
import { decodeRowBlock, erasedIn, mergeTables, ROW_BLOCKS } from './row-block.ts';
import type { RowSink, TableRows } from './sink.ts';
import { Wake } from './wake.ts';

/** Checkpoint of the warehouse: every row of every block up to it is in the tables. */
export const WAREHOUSE_CHECKPOINT = 'warehouse';

const INTENT = { collection: 'w.intent', key: 'now' };

/** More rows per insert make no faster engine (measured), only longer pauses. */
const ROWS_PER_INSERT = 10_000;

/** Inserts closer together than this only make small parts; somebody who waits is not made to. */
const GATHER_MS = 100;

const RETRY_MS = 500;

interface Intent {
  /** Keys of the first and the last row block of the range. */
  readonly from: string;
  readonly to: string;
}

interface Batch extends Intent {
  readonly keys: readonly string[];
  readonly tables: readonly TableRows[];
}

/** What the follower needs. `upstream` tells how far the fold has come. */
export interface FollowerParts {
  readonly state: StateStore;
  readonly sink: RowSink;
  readonly monitor: Monitor;
  readonly upstream: () => Position;
}

/**
 * Brings row blocks to the warehouse with a checkpoint of its own. The range is made durable before the insert;
 * a restart sends exactly that range again under the same tokens and deletes nothing (design §8).
 */
export class Follower {
  readonly progress: Progress;
  readonly wake = new Wake();
  #pendingBlocks = 0;
  /** A commit failed on its way: whether it was carried out, only the store can tell. */
  #unsure = false;

  private constructor(
    private readonly parts: FollowerParts,
    private checkpoint: bigint,
  ) {
    this.progress = new Progress(checkpoint as Position);
  }

  /** A follower that goes on where the state store stands. */
  static async open(parts: FollowerParts): Promise<Follower> {
    return new Follower(parts, await parts.state.checkpoint(WAREHOUSE_CHECKPOINT));
  }

  /** The fold has committed a block of rows. */
  blockCommitted(): void {
    this.#pendingBlocks++;
    this.wake.call();
  }

  /** Blocks committed since the start and not yet in the tables. */
  get pendingBlocks(): number {
    return this.#pendingBlocks;
  }

  /** Follows until aborted; what fails is tried again with the same rows and tokens. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const moved = await this.drain(signal);
        if (moved && !this.progress.awaited)
          await pause(GATHER_MS, undefined, { signal }).catch(() => undefined);
        await this.wake.wait(GATHER_MS * 10);
      } catch (error) {
        if (error instanceof Deposed) throw error;
        this.parts.monitor.retrying('insert', error);
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Inserts everything that is there now. True if there was anything. */
  async drain(signal?: AbortSignal): Promise<boolean> {
    let moved = false;
    if (this.#unsure) this.checkpoint = await this.parts.state.checkpoint(WAREHOUSE_CHECKPOINT);
    this.#unsure = false;
    while (signal === undefined || !signal.aborted) {
      const foldedTo = this.parts.upstream();
      const batch = (await this.#unfinished()) ?? (await this.#next());
      if (batch === undefined) {
        this.progress.advance(foldedTo);
        return moved;
      }
      await this.#insert(batch);
      moved = true;
    }
    return moved;
  }

  /** The range of an insert that was begun and not checkpointed: it goes first and unchanged. */
  async #unfinished(): Promise<Batch | undefined> {
    const [bytes] = await this.parts.state.read([INTENT]);
    if (!bytes) return undefined;
    const { from, to } = JSON.parse(bytes.toString('utf8')) as Intent;
    return this.#collect(from, (key) => key <= to);
  }

  async #next(): Promise<Batch | undefined> {
    let rows = 0;
    return this.#collect('', (_key, tables) => {
      const largest = Math.max(0, ...tables.map(({ count }) => count));
      rows += largest;
      return rows === largest || rows <= ROWS_PER_INSERT;
    });
  }

  async #collect(
    from: string,
    wanted: (key: string, tables: readonly TableRows[]) => boolean,
  ): Promise<Batch | undefined> {
    const keys: string[] = [];
    const blocks: TableRows[][] = [];
    for await (const { key, value } of this.parts.state.scan({ collection: ROW_BLOCKS, gte: from })) {
      const tables = decodeRowBlock(value);
      if (!wanted(key, tables)) break;
      keys.push(key);
      blocks.push(tables);
    }
    if (keys.length === 0) return undefined;
    return { from: keys[0] as string, to: keys.at(-1) as string, keys, tables: mergeTables(blocks) };
  }

  async #insert(batch: Batch): Promise<void> {
    const { state, sink, monitor } = this.parts;
    const { from, to, keys } = batch;
    const { rows: tables, erased } = erasedIn(batch.tables);
    await state.commit([{ ...INTENT, value: toJsonBytes({ from, to } satisfies Intent) }]);
    await state.sync();
    reach('intent-written');
    for (const rows of tables) {
      if (rows.count > 0) await sink.insert(rows, `${state.epoch}:${rows.table}:${from}-${to}`);
    }
    if (erased.length > 0) {
      await sink.erase(erased);
      reach('rows-erased');
    }
    await sink.settle();
    reach('inserted');
    const next = BigInt(to.slice(0, 20));
    const done: StateWrite[] = keys.map((key) => ({ collection: ROW_BLOCKS, key, value: null }));
    this.#unsure = true;
    const result = await state.commit(
      [...done, { ...INTENT, value: null }],
      [{ name: WAREHOUSE_CHECKPOINT, expected: this.checkpoint, next }],
    );
    this.#unsure = false;
    if (result.outcome === 'committed') this.checkpoint = next;
    reach('checkpointed');
    this.#pendingBlocks = Math.max(0, this.#pendingBlocks - keys.length);
    this.progress.advance(next as Position);
    monitor.inserted({
      rows: tables.reduce((sum, { count }) => sum + count, 0),
      tables: tables.length,
    });
  }
}

import type { Position } from '#kernel';
import type { ErasedRows, FoldedBlock } from './folded-block.ts';

/** Rows for one table, as JSON lines in the table's column order. */
export interface TableRows {
  readonly table: string;
  readonly count: number;
  readonly rows: Buffer;
}

/** What a squash did. */
export interface Squashed {
  /** Overrides that were folded into rows. */
  readonly overrides: number;
  /** Milliseconds in which it kept the engine busy. */
  readonly busyMs: number;
}

/** Where folded blocks go next: the warehouse, seen from the projection. */
export interface RowSink {
  /** Rows of a block. Pure: the same block gives the same bytes. */
  rowsOf(block: FoldedBlock): readonly TableRows[];
  /** Writes rows durably. The same token twice has the effect of once. Throws when the outcome is unknown. */
  insert(rows: TableRows, token: string): Promise<void>;
  /**
   * Deletes rows for good, so that no statement that begins after it resolves sees them. Called after all that was
   * folded before was inserted; again after a crash. Throws when the outcome is unknown.
   */
  erase(rows: readonly ErasedRows[]): Promise<void>;
  /**
   * Makes what was inserted count for readers, also where they look it up instead of reading rows. Called before a
   * position is announced. Throws when the outcome is unknown; then it is called again.
   */
  settle(): Promise<void>;
  /**
   * Work that keeps readers fast and changes no answer, begun again and again beside the inserts, never twice at
   * once. Ends at its next step when aborted. Throws when it could not be done; then it is begun again.
   *
   * @param settled everything up to here was inserted and settled
   * @param progress told how many parts of a table are still to be rewritten
   */
  squash(settled: Position, signal: AbortSignal, progress: (partsLeft: number) => void): Promise<Squashed>;
}

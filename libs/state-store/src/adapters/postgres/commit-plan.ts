import type { CheckpointMove, CommitResult, StateWrite } from '../../state-store.port.ts';
import { rowKey } from '../../physical-key.ts';

/** Rows of a commit, each once: the last write of a row wins. */
export interface PlannedRows {
  readonly putKeys: readonly Buffer[];
  readonly putValues: readonly Uint8Array[];
  readonly dropKeys: readonly Buffer[];
}

/** Sorts writes into puts and deletions by their physical keys. Throws `BadCollection`. */
export function planRows(writes: readonly StateWrite[]): PlannedRows {
  const last = new Map<string, { key: Buffer; value: Uint8Array | null }>();
  for (const { collection, key, value } of writes) {
    const physical = rowKey(collection, key);
    last.set(physical.toString('latin1'), { key: physical, value });
  }
  const putKeys: Buffer[] = [];
  const putValues: Uint8Array[] = [];
  const dropKeys: Buffer[] = [];
  for (const { key, value } of last.values()) {
    if (value === null) dropKeys.push(key);
    else {
      putKeys.push(key);
      putValues.push(value);
    }
  }
  return { putKeys, putValues, dropKeys };
}

/** Moves of a commit, each checkpoint once. */
export interface PlannedMoves {
  readonly moves: readonly CheckpointMove[];
  /** How the commit ends although the checkpoints stand right: a later move contradicts an earlier one. */
  readonly broken?: Extract<CommitResult, { outcome: 'conflict' }>;
}

/** Joins the moves of one checkpoint that follow each other. */
export function planMoves(checkpoints: readonly CheckpointMove[]): PlannedMoves {
  const moves = new Map<string, CheckpointMove>();
  for (const move of checkpoints) {
    const earlier = moves.get(move.name);
    if (earlier !== undefined && earlier.next !== move.expected) {
      const broken = { outcome: 'conflict', name: move.name, actual: earlier.next } as const;
      return { moves: [...moves.values()], broken };
    }
    moves.set(move.name, earlier === undefined ? move : { ...earlier, next: move.next });
  }
  return { moves: [...moves.values()] };
}

import type { Position } from '#kernel';
import { toJsonBytes } from '#kernel';
import type { Decision } from '#identity';
import type { NewEvent } from '#event-log';
import type { StateWrite } from '#state-store';

/** Collection of decisions that are committed and not yet published. */
export const OUTBOX = 'o.decision';

/** A decision on its way to its `profile-*` stream, at the revision that the fold gave it. */
export interface OutboxRow {
  readonly key: string;
  readonly stream: string;
  readonly revision: number;
  readonly event: NewEvent;
}

/** Fixed-width decimal, so that keys order as numbers do. */
export function orderedKey(position: Position | bigint, n = 0): string {
  return `${position.toString().padStart(20, '0')}.${n.toString().padStart(6, '0')}`;
}

/** Outbox rows of the decisions that are to be published, in (cause position, n) order. */
export function outboxWrites(decisions: readonly Decision[]): StateWrite[] {
  const writes: StateWrite[] = [];
  for (const { publish, ...decision } of decisions) {
    if (publish === undefined) continue;
    writes.push({
      collection: OUTBOX,
      key: orderedKey(decision.position, decision.n),
      value: toJsonBytes({
        ...publish,
        id: decision.decisionId,
        type: decision.kind,
        data: { ...decision, position: decision.position.toString() },
      }),
    });
  }
  return writes;
}

interface StoredRow {
  stream: string;
  revision: number;
  id: string;
  type: string;
  data: unknown;
}

const NO_METADATA = new Uint8Array(0);

/** Reads a row that {@link outboxWrites} wrote. */
export function readOutboxRow(key: string, value: Buffer): OutboxRow {
  const row = JSON.parse(value.toString('utf8')) as StoredRow;
  return {
    key,
    stream: row.stream,
    revision: row.revision,
    event: { id: row.id, type: row.type, metadata: NO_METADATA, data: toJsonBytes(row.data) },
  };
}

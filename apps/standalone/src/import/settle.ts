import type { Batch, Entry } from './batch.ts';
import type { DoorAnswer } from './door.ts';
import type { Tally } from './progress-file.ts';
import type { Reject } from './rejects-file.ts';

/** What became of a batch: the tally with it, and its rejected records in the order of the file. */
export interface Settled {
  readonly tally: Tally;
  readonly rejects: readonly Reject[];
}

/** Adds an answered batch to the tally of all records before it. `answer` is absent where nothing was sent. */
export function settle(before: Tally, batch: Batch, answer: DoorAnswer | undefined): Settled {
  const errors = new Map(answer?.errors.map((error) => [error.index, error]));
  const rejects: Reject[] = [];
  let index = 0;
  for (const entry of batch.entries) {
    if (entry.outcome === 'refused') {
      rejects.push(rejectOf(entry, entry.field, entry.reason));
      continue;
    }
    const error = errors.get(index++);
    if (error !== undefined) rejects.push(rejectOf(entry, error.field, `${error.code}: ${error.message}`));
  }
  const warnings = { ...before.warnings };
  for (const { code } of answer?.warnings ?? []) warnings[code] = (warnings[code] ?? 0) + 1;
  const read = batch.entries.length;
  return {
    rejects,
    tally: {
      ...before,
      line: batch.line,
      read: before.read + read,
      stored: before.stored + read - rejects.length,
      rejected: before.rejected + rejects.length,
      warnings,
    },
  };
}

function rejectOf({ record }: Entry, field: string, reason: string): Reject {
  const content = record.outcome === 'read' ? record.fields : record.text;
  return { line: record.line, reason, field, record: content };
}

import type { ReadRecord } from './reading/file-record.ts';

/** Items of one request at most. The door takes 2,500; smaller ones show progress sooner and are retried cheaper. */
export const BATCH_ITEMS = 1_000;

/** Bytes of one request's items at most; the door takes 500 KB. */
export const BATCH_BYTES = 450 * 1024;

/** A record on its way: with the JSON of its touchpoint, or with the reason why it has none. */
export type Entry = { readonly record: ReadRecord } & (
  | { readonly outcome: 'ready'; readonly json: string }
  | { readonly outcome: 'refused'; readonly field: string; readonly reason: string }
);

/** Consecutive records that travel as one request. */
export interface Batch {
  readonly entries: readonly Entry[];
  /** Line of the last record. */
  readonly line: number;
  /** How far the file was read when the batch was full, in the unit of its source. */
  readonly done: number;
}

/** Groups records in their order. A batch may hold refused ones only: then there is nothing to send. */
export async function* batches(
  records: AsyncIterable<ReadRecord>,
  toEntry: (record: ReadRecord) => Entry,
  done: () => number,
): AsyncGenerator<Batch, void, undefined> {
  let entries: Entry[] = [];
  let bytes = 0;
  const full = (): Batch => {
    const batch = { entries, line: entries.at(-1)?.record.line ?? 0, done: done() };
    entries = [];
    bytes = 0;
    return batch;
  };
  for await (const record of records) {
    const entry = fitting(toEntry(record));
    const size = entry.outcome === 'ready' ? Buffer.byteLength(entry.json) + 1 : 0;
    if (entries.length > 0 && (entries.length === BATCH_ITEMS || bytes + size > BATCH_BYTES)) yield full();
    entries.push(entry);
    bytes += size;
  }
  if (entries.length > 0) yield full();
}

/** An item larger than a request would stop the import where the door means to refuse that one row. */
function fitting(entry: Entry): Entry {
  if (entry.outcome !== 'ready' || Buffer.byteLength(entry.json) < BATCH_BYTES) return entry;
  const reason = `item_too_large: the touchpoint is larger than ${BATCH_BYTES} bytes`;
  return { record: entry.record, outcome: 'refused', field: '', reason };
}

/** The body of a batch's request; `undefined` if it holds nothing to send. */
export function bodyOf({ entries }: Batch): string | undefined {
  const items = entries.flatMap((entry) => (entry.outcome === 'ready' ? [entry.json] : []));
  return items.length === 0 ? undefined : `{"batch":[${items.join(',')}]}`;
}

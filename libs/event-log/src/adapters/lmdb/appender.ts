import { reach } from '#kernel';
import type { Position } from '#kernel';
import { LogUnavailable } from '../../errors.ts';
import { encodeEvents } from './append-row.ts';
import { positionOf } from './place.ts';
import { sameEvents } from './read-stream.ts';
import { logHead } from './tables.ts';
import type { AppendResult, ExpectedRevision, NewEvent } from '../../event-log.port.ts';
import type { RowKey, Tables } from './tables.ts';

/** An append that waits for its transaction. */
interface Pending {
  readonly stream: string;
  readonly ids: readonly string[];
  readonly row: Buffer;
  /** Revision of the last event the writer knows of; −1 for none. */
  readonly expected: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** What the transaction found: the append's place if written, else the stream's revision (−1: no stream). */
type Verdict =
  { readonly written: true; readonly append: number } | { readonly written: false; readonly head: number };

/** Bytes of rows in one transaction at most; bounds the pages LMDB holds in memory until the sync. */
const MAX_BATCH_BYTES = 32 * 1024 * 1024;
const NO_STREAM = -1;

/**
 * Shares commits: appends that arrive while a commit syncs share the next one, so one `fdatasync` (about 0.5 ms)
 * serves them all.
 */
export class Appender {
  readonly #queue: Pending[] = [];
  #work: Promise<void> | undefined;

  constructor(
    private readonly tables: Tables,
    /** Called after each durable commit with the log's last append. */
    private readonly onDurable: (append: number) => void,
  ) {}

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({
        stream,
        ids: events.map((event) => event.id),
        row: encodeEvents(events),
        expected: expected === 'noStream' ? NO_STREAM : Number(expected),
        resolve,
        reject,
      });
      this.#work ??= this.#drain();
    });
  }

  /** Resolves when no append is under way. */
  async idle(): Promise<void> {
    while (this.#work !== undefined) await this.#work;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) await this.#commit();
    this.#work = undefined;
  }

  async #commit(): Promise<void> {
    let batch: Pending[] = [];
    try {
      // A child transaction, because only that is undone as a whole when a write in it fails.
      const verdicts = await this.tables.root.childTransaction(() => {
        batch = this.#take();
        return writeAll(this.tables, batch);
      });
      this.#announce(batch, verdicts);
      batch.forEach((pending, i) => pending.resolve(resultOf(this.tables, pending, verdicts[i] as Verdict)));
    } catch (error) {
      const cause = await causeOf(error);
      const failure = new LogUnavailable('the commit of an append failed', { cause });
      for (const { reject } of batch.length > 0 ? batch : this.#take()) reject(failure);
    }
  }

  /** Taken inside the transaction, as late as can be: the more share a sync, the better. */
  #take(): Pending[] {
    let bytes = 0;
    let n = 0;
    for (const { row } of this.#queue) {
      if (n > 0 && bytes + row.length > MAX_BATCH_BYTES) break;
      bytes += row.length;
      n++;
    }
    return this.#queue.splice(0, n);
  }

  #announce(batch: readonly Pending[], verdicts: readonly Verdict[]): void {
    let last = 0;
    verdicts.forEach((verdict, i) => {
      if (!verdict.written) return;
      last = verdict.append;
      if (batch[i]?.stream.startsWith('touchpoint-')) reach('appended');
    });
    if (last > 0) this.onDurable(last);
  }
}

/** Runs inside the write transaction: each append sees those before it. */
function writeAll(tables: Tables, batch: readonly Pending[]): Verdict[] {
  let append = logHead(tables).append;
  let count = 0;
  const verdicts = batch.map(({ stream, ids, row, expected }): Verdict => {
    const head = tables.heads.get(stream) ?? NO_STREAM;
    if (expected !== head) return { written: false, head };
    append++;
    count = ids.length;
    const key: RowKey = [append, stream, head + 1, count];
    // `append` fills pages to the brim and refuses a key that is not the highest, which would be a broken head.
    const stored: unknown = tables.rows.putSync(key, row, { append: true });
    if (stored === false) throw new Error(`append ${append} is not the highest`);
    tables.index.putSync([stream, head + 1], [append, count]);
    tables.heads.putSync(stream, head + count);
    return { written: true, append };
  });
  if (count > 0) tables.meta.putSync('head', [append, count]);
  return verdicts;
}

/** After the commit. What lies below a stream's head never changes, so a retry may be judged outside the transaction. */
function resultOf(tables: Tables, { stream, ids, expected }: Pending, verdict: Verdict): AppendResult {
  const last = expected + ids.length;
  if (verdict.written) {
    return appended(
      last,
      ids.map((_, index) => positionOf(verdict.append, index)),
      false,
    );
  }
  const same = last <= verdict.head ? sameEvents(tables, stream, expected + 1, ids) : undefined;
  if (same !== undefined) {
    return appended(
      last,
      same.map((event) => event.position),
      true,
    );
  }
  return { outcome: 'conflict', actual: verdict.head === NO_STREAM ? undefined : BigInt(verdict.head) };
}

function appended(revision: number, positions: readonly Position[], repeated: boolean): AppendResult {
  const position = positions[positions.length - 1] as Position;
  return { outcome: 'appended', revision: BigInt(revision), position, positions, repeated };
}

/** lmdb-js rejects with a wrapper that holds the engine's error as another promise. */
async function causeOf(error: unknown): Promise<unknown> {
  const commitError = (error as { commitError?: Promise<unknown> }).commitError;
  return commitError === undefined ? error : commitError.catch((inner: unknown) => inner);
}

import { batches, bodyOf } from './batch.ts';
import type { Batch, Entry } from './batch.ts';
import type { DoorAnswer } from './door.ts';
import type { ReadRecord } from './reading/file-record.ts';

/** Requests that may be under way at once. */
const IN_FLIGHT = 4;

/** A batch and the answer that is coming for it. */
interface Sent {
  readonly batch: Batch;
  readonly answer: Promise<DoorAnswer | undefined>;
}

/** What a transfer needs of the world. */
export interface TransferPorts {
  readonly records: AsyncIterable<ReadRecord>;
  readonly toEntry: (record: ReadRecord) => Entry;
  /** How far the source has been read. */
  readonly done: () => number;
  readonly post: (body: string) => Promise<DoorAnswer>;
  /** Called for each batch in the order of the file, whichever was answered first; the next waits for it. */
  readonly settled: (batch: Batch, answer: DoorAnswer | undefined) => Promise<void>;
  readonly stop: AbortSignal;
}

/**
 * Sends the records behind a line. After `stop` no further batch is sent, but those under way are settled as far as
 * they are answered; then, and on any failure, it throws.
 */
export async function transfer(afterLine: number, ports: TransferPorts): Promise<void> {
  const sent: Sent[] = [];
  const settleFirst = async (): Promise<void> => {
    const { batch, answer } = sent.shift() as Sent;
    await ports.settled(batch, await answer);
  };
  for await (const batch of batches(behind(afterLine, ports.records), ports.toEntry, ports.done)) {
    if (ports.stop.aborted) break;
    const body = bodyOf(batch);
    const answer = body === undefined ? Promise.resolve(undefined) : ports.post(body);
    // A failure is thrown when its turn has come, not before those ahead of it are settled.
    answer.catch(() => undefined);
    sent.push({ batch, answer });
    if (sent.length === IN_FLIGHT) await settleFirst();
  }
  while (sent.length > 0) await settleFirst();
  ports.stop.throwIfAborted();
}

async function* behind(
  line: number,
  records: AsyncIterable<ReadRecord>,
): AsyncGenerator<ReadRecord, void, undefined> {
  for await (const record of records) if (record.line > line) yield record;
}

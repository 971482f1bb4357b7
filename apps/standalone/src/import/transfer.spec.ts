import { describe, expect, it } from '@jest/globals';
import { BATCH_BYTES, BATCH_ITEMS, batches, bodyOf } from './batch.ts';
import type { Batch, Entry } from './batch.ts';
import type { DoorAnswer } from './door.ts';
import { messageIdOf } from './message-id.ts';
import { NOTHING_YET } from './progress-file.ts';
import type { ReadRecord } from './reading/file-record.ts';
import { settle } from './settle.ts';
import { transfer } from './transfer.ts';

async function* records(count: number): AsyncGenerator<ReadRecord> {
  for (let line = 1; line <= count; line++) yield { outcome: 'read', line, fields: { line } };
}

const ready = (record: ReadRecord, json = `{"l":${record.line}}`): Entry => ({
  record,
  outcome: 'ready',
  json,
});
const refuse = (record: ReadRecord): Entry => ({ record, outcome: 'refused', field: 'f', reason: 'bad' });

async function all(count: number, toEntry: (record: ReadRecord) => Entry): Promise<Batch[]> {
  const found: Batch[] = [];
  for await (const batch of batches(records(count), toEntry, () => 42)) found.push(batch);
  return found;
}

describe('batches', () => {
  it('are full at a number of records', async () => {
    const found = await all(BATCH_ITEMS * 2 + 1, ready);
    expect(found.map(({ line, done }) => [line, done])).toEqual([
      [BATCH_ITEMS, 42],
      [BATCH_ITEMS * 2, 42],
      [BATCH_ITEMS * 2 + 1, 42],
    ]);
  });

  it('are full at a number of bytes, in UTF-8', async () => {
    const json = JSON.stringify('ş'.repeat(50_000));
    const found = await all(9, (record) => ready(record, json));
    expect(found.map(({ entries }) => entries.length)).toEqual([4, 4, 1]);
    for (const batch of found) expect(Buffer.byteLength(bodyOf(batch) as string)).toBeLessThan(500 * 1024);
  });

  it('refuse the one record that no request takes', async () => {
    const [batch] = await all(3, (record) =>
      record.line === 2 ? ready(record, 'x'.repeat(BATCH_BYTES)) : ready(record),
    );
    expect(batch?.entries.map(({ outcome }) => outcome)).toEqual(['ready', 'refused', 'ready']);
    expect(bodyOf(batch as Batch)).toBe('{"batch":[{"l":1},{"l":3}]}');
  });

  it('have no body where nothing is to be sent', async () => {
    const [batch] = await all(2, refuse);
    expect(bodyOf(batch as Batch)).toBeUndefined();
    expect(await all(0, ready)).toEqual([]);
  });
});

describe('settle', () => {
  it('finds the rows that the door means, between those that were never sent', async () => {
    const [batch] = await all(4, (record) => (record.line === 2 ? refuse(record) : ready(record)));
    const remark = { index: 1, code: 'no_identifier', field: 'userId', message: 'names nobody' };
    const { tally, rejects } = settle(NOTHING_YET, batch as Batch, {
      errors: [remark],
      warnings: [{ ...remark, code: 'w' }],
    });
    expect(tally).toEqual({ ...NOTHING_YET, line: 4, read: 4, stored: 2, rejected: 2, warnings: { w: 1 } });
    expect(rejects).toEqual([
      { line: 2, reason: 'bad', field: 'f', record: { line: 2 } },
      { line: 3, reason: 'no_identifier: names nobody', field: 'userId', record: { line: 3 } },
    ]);
  });
});

describe('transfer', () => {
  const fine: DoorAnswer = { errors: [], warnings: [] };

  async function run(
    post: (call: number) => Promise<DoorAnswer>,
    { after = 0, stop = new AbortController().signal } = {},
  ): Promise<{ lines: number[]; most: number; first?: string; failure?: unknown }> {
    const lines: number[] = [];
    let calls = 0;
    let open = 0;
    let most = 0;
    let first: string | undefined;
    const failure: unknown = await transfer(after, {
      records: records(BATCH_ITEMS * 10),
      toEntry: ready,
      done: () => 0,
      post: async (body) => {
        first ??= body.slice(0, 20);
        most = Math.max(most, ++open);
        return post(calls++).finally(() => open--);
      },
      settled: async ({ line }) => void lines.push(line / BATCH_ITEMS),
      stop,
    }).catch((error: unknown) => error);
    return { lines, most, first, failure };
  }

  it('settles in the order of the file whatever is answered first, four at once', async () => {
    const { lines, most } = await run(async (call) => {
      await new Promise((resolve) => setTimeout(resolve, call % 2 === 0 ? 20 : 1));
      return fine;
    });
    expect(lines).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(most).toBe(4);
  });

  it('begins behind a line', async () => {
    const { first, lines } = await run(async () => fine, { after: BATCH_ITEMS * 8 });
    expect(first).toBe('{"batch":[{"l":8001}');
    expect(lines).toEqual([9, 10]);
  });

  it('settles what stands before a failure and nothing behind it', async () => {
    const { lines, failure } = await run(async (call) => {
      if (call === 5) throw new Error('refused');
      return fine;
    });
    expect(lines).toEqual([1, 2, 3, 4, 5]);
    expect(failure).toEqual(new Error('refused'));
  });

  it('settles what is under way when it is stopped', async () => {
    const stop = new AbortController();
    const { lines, failure } = await run(
      async (call) => {
        if (call === 2) stop.abort(new Error('stopped'));
        return fine;
      },
      { stop: stop.signal },
    );
    expect(lines).toEqual([1, 2, 3]);
    expect(failure).toEqual(new Error('stopped'));
  });
});

describe('messageIdOf', () => {
  it('is the same for the same bytes and line only', () => {
    expect(messageIdOf('ab', 1)).toBe(messageIdOf('ab', 1));
    expect(messageIdOf('ab', 1)).toMatch(/^import-[0-9a-f]{32}$/);
    expect(new Set([messageIdOf('ab', 1), messageIdOf('ab', 2), messageIdOf('ac', 1)]).size).toBe(3);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { StateKey, StateWrite } from './state-store.port.ts';
import { jsonCollection, UnitOfWork } from './unit-of-work.ts';

interface Row {
  readonly n: number;
}

const rows = jsonCollection<Row>('rows');
const others = jsonCollection<Row>('others');

/** Rows in memory, with the keys of every batch read. */
class MemoryRows {
  readonly reads: string[][] = [];
  readonly #values = new Map<string, Buffer>();

  constructor(start: Record<string, number> = {}) {
    for (const [key, n] of Object.entries(start))
      this.#values.set(`rows ${key}`, Buffer.from(rows.encode({ n })));
  }

  async read(keys: readonly StateKey[]): Promise<(Buffer | null)[]> {
    this.reads.push(keys.map(({ key }) => key));
    return keys.map(({ collection, key }) => this.#values.get(`${collection} ${key}`) ?? null);
  }

  apply(writes: readonly StateWrite[]): void {
    for (const { collection, key, value } of writes) {
      if (value === null) this.#values.delete(`${collection} ${key}`);
      else this.#values.set(`${collection} ${key}`, Buffer.from(value));
    }
  }
}

function written(work: UnitOfWork): [string, string, unknown][] {
  return work
    .writes()
    .map(({ collection, key, value }) => [
      collection,
      key,
      value && JSON.parse(Buffer.from(value).toString()),
    ]);
}

describe('UnitOfWork', () => {
  it('loads rows in one batch read, each key once, and knows which do not exist', async () => {
    const store = new MemoryRows({ a: 1, b: 2 });
    const work = new UnitOfWork(store);
    await work.load(rows, ['a', 'none', 'a', 'b']);
    expect(store.reads).toEqual([['a', 'none', 'b']]);
    expect(work.get(rows, 'a')).toEqual({ n: 1 });
    expect(work.get(rows, 'b')).toEqual({ n: 2 });
    expect(work.get(rows, 'none')).toBeUndefined();
  });

  it('asks the store for nothing that it holds, nor for nothing', async () => {
    const store = new MemoryRows({ a: 1 });
    const work = new UnitOfWork(store);
    await work.load(rows, ['a', 'none']);
    work.set(rows, 'set', { n: 3 });
    await work.load(rows, ['a', 'none', 'set']);
    await work.load(rows, []);
    expect(store.reads).toEqual([['a', 'none']]);
    expect(work.get(rows, 'set')).toEqual({ n: 3 });
  });

  it('refuses a row that nobody loaded, also where another collection has the key', async () => {
    const work = new UnitOfWork(new MemoryRows({ a: 1 }));
    await work.load(rows, ['a']);
    expect(() => work.get(rows, 'b')).toThrow(expect.objectContaining({ code: 'STATE_STORE.NOT_LOADED' }));
    expect(() => work.get(others, 'a')).toThrow(expect.objectContaining({ code: 'STATE_STORE.NOT_LOADED' }));
  });

  it('writes each changed row once, as it stands last, in the order of first change', async () => {
    const work = new UnitOfWork(new MemoryRows({ a: 1, b: 2 }));
    await work.load(rows, ['a', 'b']);
    work.set(rows, 'b', { n: 20 });
    work.set(rows, 'a', { n: 10 });
    work.set(others, 'a', { n: 7 });
    work.set(rows, 'b', { n: 21 });
    expect(written(work)).toEqual([
      ['rows', 'b', { n: 21 }],
      ['rows', 'a', { n: 10 }],
      ['others', 'a', { n: 7 }],
    ]);
  });

  it('deletes a row, reads it as absent, and can set it anew', async () => {
    const work = new UnitOfWork(new MemoryRows({ a: 1 }));
    await work.load(rows, ['a']);
    work.set(rows, 'a', undefined);
    expect(work.get(rows, 'a')).toBeUndefined();
    expect(written(work)).toEqual([['rows', 'a', null]]);
    work.set(rows, 'a', { n: 2 });
    expect(written(work)).toEqual([['rows', 'a', { n: 2 }]]);
  });

  it('has nothing to write after a commit, and keeps the rows', async () => {
    const store = new MemoryRows({ a: 1 });
    const work = new UnitOfWork(store);
    await work.load(rows, ['a']);
    work.set(rows, 'a', { n: 2 });
    store.apply(work.writes());
    work.committed();
    expect(work.writes()).toEqual([]);
    await work.load(rows, ['a']);
    expect(store.reads).toHaveLength(1);
    expect(work.get(rows, 'a')).toEqual({ n: 2 });
    work.set(rows, 'a', { n: 3 });
    expect(written(work)).toEqual([['rows', 'a', { n: 3 }]]);
  });

  it('gives each write once, and what is set while one commits with the next', async () => {
    const work = new UnitOfWork(new MemoryRows());
    work.set(rows, 'a', { n: 1 });
    expect(written(work)).toEqual([['rows', 'a', { n: 1 }]]);
    work.set(rows, 'a', { n: 2 });
    work.set(rows, 'b', { n: 3 });
    work.committed();
    expect(written(work)).toEqual([
      ['rows', 'a', { n: 2 }],
      ['rows', 'b', { n: 3 }],
    ]);
    expect(written(work)).toEqual([]);
  });

  it('holds all that a block has loaded, however much, and drops what two turns did not use', async () => {
    const store = new MemoryRows({ a: 1, b: 2, c: 3, d: 4 });
    const work = new UnitOfWork(store, 1);
    await work.load(rows, ['a', 'b']);
    await work.load(rows, ['c', 'd']);
    work.set(rows, 'a', { n: 10 });
    expect(['a', 'b', 'c', 'd'].map((key) => work.get(rows, key)?.n)).toEqual([10, 2, 3, 4]);
    store.apply(work.writes());
    work.committed();
    await work.load(rows, ['a', 'b']);
    expect(store.reads).toHaveLength(2);
    work.committed();
    await work.load(rows, ['a', 'b', 'c', 'd']);
    expect(store.reads.at(-1)).toEqual(['c', 'd']);
    expect(work.get(rows, 'a')).toEqual({ n: 10 });
  });

  it('lets a row set during a load win over what the load read', async () => {
    const work = new UnitOfWork(new MemoryRows({ a: 1 }));
    const loading = work.load(rows, ['a']);
    work.set(rows, 'a', { n: 2 });
    await loading;
    expect(work.get(rows, 'a')).toEqual({ n: 2 });
    expect(written(work)).toEqual([['rows', 'a', { n: 2 }]]);
  });

  it('keeps what was loaded ahead through the commit of the block before', async () => {
    const store = new MemoryRows({ a: 1, b: 2, c: 3 });
    const work = new UnitOfWork(store, 1);
    await work.load(rows, ['a', 'b']);
    await work.load(rows, ['c']);
    work.committed();
    expect(work.has(rows, 'c')).toBe(true);
    expect(work.get(rows, 'c')).toEqual({ n: 3 });
    expect(work.has(rows, 'none')).toBe(false);
  });

  it('reads again what two turns went by, for what was set meanwhile may have gone', async () => {
    const store = new MemoryRows({ a: 1, b: 1, c: 1 });
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const slowly = async (keys: readonly StateKey[]) => {
      const found = await store.read(keys);
      if (keys[0]?.key === 'a') await held;
      return found;
    };
    const work = new UnitOfWork({ read: slowly }, 1);
    const loading = work.load(rows, ['a']);
    work.set(rows, 'a', { n: 2 });
    for (let turn = 0; turn < 3; turn++) {
      store.apply(work.writes());
      await work.load(rows, ['b', 'c']);
      work.committed();
    }
    answer();
    await loading;
    expect(work.get(rows, 'a')).toEqual({ n: 2 });
  });

  it('takes keys for the same row that the store cannot tell apart', async () => {
    const work = new UnitOfWork(new MemoryRows());
    await work.load(rows, ['\ud800']);
    work.set(rows, '\ud800', { n: 1 });
    expect(work.get(rows, '\udfff')).toEqual({ n: 1 });
    expect(work.get(rows, '\ufffd')).toEqual({ n: 1 });
  });
});

import type { CommitResult, StateKey, StateStore, StateWrite } from '#state-store';

/** A state store in a map, for specs of pure folds. Keeps encoded bytes, as an engine would. */
export class MemoryState implements StateStore {
  readonly epoch = '00000000-0000-5000-8000-000000000001';
  readonly rows = new Map<string, Buffer>();

  async read(keys: readonly StateKey[]): Promise<(Buffer | null)[]> {
    return keys.map(({ collection, key }) => this.rows.get(`${collection}/${key}`) ?? null);
  }

  async *scan({ collection }: { collection: string }): AsyncIterable<{ key: string; value: Buffer }> {
    const prefix = `${collection}/`;
    for (const address of [...this.rows.keys()].filter((name) => name.startsWith(prefix)).sort()) {
      yield { key: address.slice(prefix.length), value: this.rows.get(address) as Buffer };
    }
  }

  async commit(writes: readonly StateWrite[]): Promise<CommitResult> {
    for (const { collection, key, value } of writes) {
      if (value === null) this.rows.delete(`${collection}/${key}`);
      else this.rows.set(`${collection}/${key}`, Buffer.from(value));
    }
    return { outcome: 'committed' };
  }

  async checkpoint(): Promise<bigint> {
    return 0n;
  }

  async sync(): Promise<void> {}

  async close(): Promise<void> {}
}

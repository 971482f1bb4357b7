import { RowNotLoaded } from './errors.ts';
import type { StateKey, StateStore, StateWrite } from './state-store.port.ts';

/** A collection with the type of its rows. Rows are immutable values: replace, never mutate. */
export interface Collection<V> {
  readonly name: string;
  readonly encode: (row: V) => Uint8Array;
  readonly decode: (bytes: Buffer) => V;
}

/** A collection whose rows are JSON. */
export function jsonCollection<V>(name: string): Collection<V> {
  return {
    name,
    encode: (row) => Buffer.from(JSON.stringify(row), 'utf8'),
    decode: (bytes) => JSON.parse(bytes.toString('utf8')) as V,
  };
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

interface Entry {
  value: unknown;
  collection: Collection<unknown>;
  key: string;
  dirty: boolean;
}

/**
 * What a fold sees of the state store: rows loaded beforehand for a whole block of events, read and replaced
 * synchronously, written in one commit. Keeps rows between blocks, least recently used first out, because the
 * runner is the only writer.
 */
export class UnitOfWork {
  readonly #rows = new Map<string, Entry>();
  readonly #dirty: Entry[] = [];

  constructor(
    private readonly store: Pick<StateStore, 'read'>,
    /** Rows kept between blocks; about 0.5 KB of heap each. */
    private readonly capacity = 50_000,
  ) {}

  /** Makes rows readable by `get`; one batch read for those not at hand. */
  async load<V>(collection: Collection<V>, keys: Iterable<string>): Promise<void> {
    const missing: StateKey[] = [];
    const asked = new Set<string>();
    for (const key of keys) {
      const id = address(collection.name, key);
      if (asked.has(id)) continue;
      asked.add(id);
      const held = this.#rows.get(id);
      if (held === undefined) missing.push({ collection: collection.name, key });
      else {
        this.#rows.delete(id);
        this.#rows.set(id, held);
      }
    }
    if (missing.length === 0) return;
    const values = await this.store.read(missing);
    missing.forEach(({ key }, i) => {
      const id = address(collection.name, key);
      // Set by a fold while the read was under way: that row is newer than what was read.
      if (this.#rows.has(id)) return;
      const bytes = values[i];
      this.#rows.set(id, {
        value: bytes ? collection.decode(bytes) : undefined,
        collection: collection as Collection<unknown>,
        key,
        dirty: false,
      });
    });
  }

  /** The row, or `undefined` if there is none. Throws `RowNotLoaded` for a row nobody loaded. */
  get<V>(collection: Collection<V>, key: string): V | undefined {
    const entry = this.#rows.get(address(collection.name, key));
    if (entry === undefined) throw new RowNotLoaded(collection.name);
    return entry.value as V | undefined;
  }

  /** Replaces a row; `undefined` deletes it. The row counts as loaded from then on. */
  set<V>(collection: Collection<V>, key: string, value: V | undefined): void {
    const id = address(collection.name, key);
    let entry = this.#rows.get(id);
    if (entry === undefined) {
      entry = { value, collection: collection as Collection<unknown>, key, dirty: false };
      this.#rows.set(id, entry);
    }
    entry.value = value;
    if (!entry.dirty) {
      entry.dirty = true;
      this.#dirty.push(entry);
    }
  }

  /** The writes since the last commit, encoded, each row once. */
  writes(): StateWrite[] {
    return this.#dirty.map((entry) => ({
      collection: entry.collection.name,
      key: entry.key,
      value: entry.value === undefined ? null : entry.collection.encode(entry.value),
    }));
  }

  /**
   * What `writes` gave last is committed: forget that it is new, and trim the rows kept. Rows are trimmed nowhere
   * else, so all that a block has loaded stays readable up to here. A row set after `writes` and before this
   * would be lost: folds and commits take turns.
   */
  committed(): void {
    for (const entry of this.#dirty) entry.dirty = false;
    this.#dirty.length = 0;
    let surplus = this.#rows.size - this.capacity;
    for (const id of this.#rows.keys()) {
      if (surplus-- <= 0) break;
      this.#rows.delete(id);
    }
  }

  /** The commit failed: forget every row, so that the next block reads what really stands there. */
  discard(): void {
    this.#rows.clear();
    this.#dirty.length = 0;
  }
}

/** A lone surrogate has no UTF-8 and is stored as U+FFFD; rows kept here must be told apart as the store does. */
function address(collection: string, key: string): string {
  return `${collection}\u0000${key.replace(LONE_SURROGATE, '\ufffd')}`;
}

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

interface Entry {
  value: unknown;
  readonly collection: Collection<unknown>;
  readonly key: string;
  dirty: boolean;
}

/** Rows of one collection: those used since the last turn, and those of the turn before. */
interface Rows {
  recent: Map<string, Entry>;
  older: Map<string, Entry>;
  turns: number;
}

/**
 * What a fold sees of the state store: rows loaded beforehand for a whole block of events, read and replaced
 * synchronously, written in one commit. Keeps rows between blocks, because the runner is the only writer: when a
 * collection has more than its capacity, what was not used since the turn before goes. (An exact LRU moves a map's
 * entry at every use, which cost as much as the fold itself.)
 */
export class UnitOfWork {
  readonly #collections = new Map<string, Rows>();
  #dirty: Entry[] = [];

  constructor(
    private readonly store: Pick<StateStore, 'read'>,
    /** Rows of a collection after which a turn begins; about 0.5 KB of heap each, twice as many at most. */
    private readonly capacity = 25_000,
  ) {}

  /**
   * Makes rows readable by `get` up to the next commit but one; one batch read for those not at hand. May run while
   * another block is being folded and committed: what that sets counts, not what was read meanwhile.
   */
  async load<V>(collection: Collection<V>, keys: Iterable<string>): Promise<void> {
    const rows = this.#rows(collection);
    const { turns } = rows;
    const missing = new Map<string, StateKey>();
    for (const raw of keys) {
      const key = storedForm(raw);
      if (rows.recent.has(key) || promoted(rows, key) !== undefined) continue;
      missing.set(key, { collection: collection.name, key });
    }
    if (missing.size === 0) return;
    const asked = [...missing.values()];
    const values = await this.store.read(asked);
    // What was set meanwhile may be trimmed already, and what was read older than that.
    if (rows.turns > turns + 1) return this.load(collection, missing.keys());
    asked.forEach(({ key }, i) => {
      // Set by a fold while the read was under way: that row is newer than what was read.
      if (rows.recent.has(key) || promoted(rows, key) !== undefined) return;
      const bytes = values[i];
      const value = bytes ? collection.decode(bytes) : undefined;
      rows.recent.set(key, { value, collection: collection as Collection<unknown>, key, dirty: false });
    });
  }

  /** True if `get` can tell of the row. */
  has<V>(collection: Collection<V>, key: string): boolean {
    const rows = this.#rows(collection);
    const form = storedForm(key);
    return rows.recent.has(form) || promoted(rows, form) !== undefined;
  }

  /** The row, or `undefined` if there is none. Throws `RowNotLoaded` for a row nobody loaded. */
  get<V>(collection: Collection<V>, key: string): V | undefined {
    const rows = this.#rows(collection);
    const form = storedForm(key);
    const entry = rows.recent.get(form) ?? promoted(rows, form);
    if (entry === undefined) throw new RowNotLoaded(collection.name);
    return entry.value as V | undefined;
  }

  /** Replaces a row; `undefined` deletes it. The row counts as loaded from then on. */
  set<V>(collection: Collection<V>, rawKey: string, value: V | undefined): void {
    const key = storedForm(rawKey);
    const { recent } = this.#rows(collection);
    let entry = recent.get(key);
    if (entry === undefined) {
      entry = { value, collection: collection as Collection<unknown>, key, dirty: false };
      recent.set(key, entry);
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
    this.#dirty = [];
    for (const rows of this.#collections.values()) {
      if (rows.recent.size <= this.capacity) continue;
      rows.older = rows.recent;
      rows.recent = new Map();
      rows.turns++;
    }
  }

  /** The commit failed: forget every row, so that the next block reads what really stands there. */
  discard(): void {
    this.#collections.clear();
    this.#dirty = [];
  }

  #rows({ name }: { readonly name: string }): Rows {
    let rows = this.#collections.get(name);
    if (rows === undefined) {
      rows = { recent: new Map(), older: new Map(), turns: 0 };
      this.#collections.set(name, rows);
    }
    return rows;
  }
}

/** A row of the turn before, which lives on because it is used. */
function promoted(rows: Rows, key: string): Entry | undefined {
  const held = rows.older.get(key);
  if (held !== undefined) rows.recent.set(key, held);
  return held;
}

/** A lone surrogate has no UTF-8 and is stored as U+FFFD; rows kept here must be told apart as the store does. */
function storedForm(key: string): string {
  return key.isWellFormed() ? key : key.toWellFormed();
}

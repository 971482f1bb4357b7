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
  /** Turn in which it was used last. */
  turn: number;
}

/** Rows of one collection. A turn ends when more than the capacity were used in it. */
interface Rows {
  readonly entries: Map<string, Entry>;
  turn: number;
  /** Rows used in this turn. */
  used: number;
}

/**
 * What a fold sees of the state store: rows loaded beforehand for a whole block of events, read and replaced
 * synchronously, written in one commit. Keeps rows between blocks, because the runner is the only writer: at the end of
 * a turn, what was not used in it goes. (An exact LRU moves a map's entry at every use, which cost as much as the fold
 * itself.) After a commit that failed a new one is begun: rows here are no longer those of the store.
 */
export class UnitOfWork {
  readonly #collections = new Map<string, Rows>();
  #dirty: Entry[] = [];

  constructor(
    private readonly store: Pick<StateStore, 'read'>,
    /** Rows of a collection used in a turn; about 0.5 KB of heap each, twice as many are kept at most. */
    private readonly capacity = 25_000,
  ) {}

  /**
   * Makes rows readable by `get` up to the next commit but one; one batch read for those not at hand. May run while
   * another block is being folded and committed: what that sets counts, not what was read meanwhile.
   */
  async load<V>(collection: Collection<V>, keys: Iterable<string>): Promise<void> {
    const rows = this.#rows(collection);
    const { turn } = rows;
    const missing = new Map<string, StateKey>();
    for (const key of keys) {
      if (find(rows, key) !== undefined) continue;
      const form = storedForm(key);
      missing.set(form, { collection: collection.name, key: form });
    }
    if (missing.size === 0) return;
    const asked = [...missing.values()];
    const values = await this.store.read(asked);
    // What was set meanwhile may have gone again, and what was read is older than that.
    if (rows.turn > turn + 1) return this.load(collection, missing.keys());
    for (let i = 0; i < asked.length; i++) {
      const { key } = asked[i] as StateKey;
      // Set by a fold while the read was under way: that row is newer than what was read.
      if (find(rows, key) !== undefined) continue;
      const bytes = values[i];
      add(rows, collection, key, bytes ? collection.decode(bytes) : undefined);
    }
  }

  /** True if `get` can tell of the row. */
  has<V>(collection: Collection<V>, key: string): boolean {
    return find(this.#rows(collection), key) !== undefined;
  }

  /** The row, or `undefined` if there is none. Throws `RowNotLoaded` for a row nobody loaded. */
  get<V>(collection: Collection<V>, key: string): V | undefined {
    const entry = find(this.#rows(collection), key);
    if (entry === undefined) throw new RowNotLoaded(collection.name);
    return entry.value as V | undefined;
  }

  /** Replaces a row; `undefined` deletes it. The row counts as loaded from then on. */
  set<V>(collection: Collection<V>, key: string, value: V | undefined): void {
    const rows = this.#rows(collection);
    const entry = find(rows, key) ?? add(rows, collection, storedForm(key), value);
    entry.value = value;
    if (entry.dirty) return;
    entry.dirty = true;
    this.#dirty.push(entry);
  }

  /**
   * The writes since this was asked last, encoded, each row once. Whoever takes them commits them, one after the other;
   * folding may go on meanwhile.
   */
  writes(): StateWrite[] {
    const dirty = this.#dirty;
    this.#dirty = [];
    return dirty.map((entry) => {
      entry.dirty = false;
      const { value, collection, key } = entry;
      return {
        collection: collection.name,
        key,
        value: value === undefined ? null : collection.encode(value),
      };
    });
  }

  /**
   * What `writes` gave last is committed: trim the rows kept. Rows are trimmed nowhere else, and those in use of late
   * last, so all that a block has loaded stays readable.
   */
  committed(): void {
    for (const rows of this.#collections.values()) {
      if (rows.used <= this.capacity) continue;
      for (const [key, { turn, dirty }] of rows.entries)
        if (turn < rows.turn && !dirty) rows.entries.delete(key);
      rows.turn++;
      rows.used = 0;
    }
  }

  #rows({ name }: { readonly name: string }): Rows {
    let rows = this.#collections.get(name);
    if (rows === undefined) {
      rows = { entries: new Map(), turn: 1, used: 0 };
      this.#collections.set(name, rows);
    }
    return rows;
  }
}

/** The row at hand, which lives on because it is used. */
function find(rows: Rows, key: string): Entry | undefined {
  const entry = rows.entries.get(key) ?? (key.isWellFormed() ? undefined : rows.entries.get(storedForm(key)));
  if (entry !== undefined && entry.turn !== rows.turn) {
    entry.turn = rows.turn;
    rows.used++;
  }
  return entry;
}

function add<V>(rows: Rows, collection: Collection<V>, key: string, value: V | undefined): Entry {
  const entry = { value, collection: collection as Collection<unknown>, key, dirty: false, turn: rows.turn };
  rows.entries.set(key, entry);
  rows.used++;
  return entry;
}

/** A lone surrogate has no UTF-8 and is stored as U+FFFD; rows kept here must be told apart as the store does. */
function storedForm(key: string): string {
  return key.isWellFormed() ? key : key.toWellFormed();
}

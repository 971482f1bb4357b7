import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

const PAIR_BYTES = 16;

/** Where events lie in the new log, by where they lay in the old one; kept in a file, in ascending order. */
export class PositionMap {
  readonly #old: bigint[] = [];
  readonly #new: bigint[] = [];
  #written = 0;

  private constructor(private readonly handle: number) {}

  /** Opens the map of an earlier run up to an old position; what was noted behind it is dropped. */
  static open(path: string, upTo: bigint): PositionMap {
    const stored = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const map = new PositionMap(openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600));
    for (let at = 0; at + PAIR_BYTES <= stored.length; at += PAIR_BYTES) {
      const old = stored.readBigUInt64BE(at);
      if (old > upTo) break;
      map.#old.push(old);
      map.#new.push(stored.readBigUInt64BE(at + 8));
    }
    map.#written = map.#old.length;
    ftruncateSync(map.handle, map.#written * PAIR_BYTES);
    return map;
  }

  /** Notes an event; old positions only grow. */
  add(old: bigint, next: bigint): void {
    this.#old.push(old);
    this.#new.push(next);
  }

  /** New position of the event at an old one; `undefined` if it was not noted. */
  get(old: bigint): bigint | undefined {
    let low = 0;
    let high = this.#old.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#old[middle] as bigint;
      if (found === old) return this.#new[middle];
      if (found < old) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  /** Makes what was noted durable. */
  flush(): void {
    const fresh = this.#old.length - this.#written;
    if (fresh === 0) return;
    const bytes = Buffer.alloc(fresh * PAIR_BYTES);
    for (let i = 0; i < fresh; i++) {
      bytes.writeBigUInt64BE(this.#old[this.#written + i] as bigint, i * PAIR_BYTES);
      bytes.writeBigUInt64BE(this.#new[this.#written + i] as bigint, i * PAIR_BYTES + 8);
    }
    writeSync(this.handle, bytes, 0, bytes.length, this.#written * PAIR_BYTES);
    fsyncSync(this.handle);
    this.#written = this.#old.length;
  }

  /** Flushes and closes. */
  close(): void {
    this.flush();
    closeSync(this.handle);
  }
}

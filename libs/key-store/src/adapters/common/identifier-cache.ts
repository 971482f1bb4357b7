import { LRUCache } from 'lru-cache';
import type { Ref } from '#kernel';
import type { IdentifierValue } from '../../key-store.port.ts';

/** An identifier that has a ref. */
export interface Known {
  readonly ref: Ref;
  /** Key of the anchor; `null`: it has none yet; `undefined`: nobody has looked. */
  key: Buffer | null | undefined;
}

/** Name of an identifier in memory: unambiguous whatever its parts hold. */
export function nameOf(workspace: string, identifier: IdentifierValue): string {
  const { namespace, value } = identifier;
  return `${workspace.length}.${namespace.length}.${workspace}${namespace}${value}`;
}

const DEAD_REFS = 50_000;

/** Identifiers and keys used last, opened. Holds personal data in memory only; about 0.5 KB a row. */
export class IdentifierCache {
  readonly #known: LRUCache<string, Known>;
  readonly #keys: LRUCache<Ref, Buffer>;
  readonly #names = new Map<Ref, string>();
  /** Refs forgotten last: a look-up that began before an erasure must not bring them back. */
  readonly #dead = new LRUCache<Ref, true>({ max: DEAD_REFS });

  constructor(size: number) {
    this.#known = new LRUCache<string, Known>({
      max: size,
      dispose: ({ ref }, _name, reason) => {
        if (reason !== 'set') this.#names.delete(ref);
      },
    });
    this.#keys = new LRUCache<Ref, Buffer>({ max: size });
  }

  /** The identifier of a name, if it is at hand. */
  get(name: string): Known | undefined {
    return this.#known.get(name);
  }

  /** Key of a ref, if it is at hand. */
  key(ref: Ref): Buffer | undefined {
    return this.#keys.get(ref);
  }

  /** Keeps what is durable. */
  keep(name: string, known: Known): void {
    if (this.#dead.has(known.ref)) return;
    if (known.key) known.key = this.keepKey(known.ref, known.key);
    this.#known.set(name, known);
    this.#names.set(known.ref, name);
  }

  /** Keeps the key of a ref and answers the buffer that is kept. */
  keepKey(ref: Ref, key: Buffer): Buffer {
    const own = ownBuffer(key);
    if (!this.#dead.has(ref)) this.#keys.set(ref, own);
    return own;
  }

  /** Forgets a ref that was erased. */
  forget(ref: Ref): void {
    this.#dead.set(ref, true);
    this.#keys.delete(ref);
    const name = this.#names.get(ref);
    if (name !== undefined) this.#known.delete(name);
  }

  /** Forgets everything. */
  clear(): void {
    this.#known.clear();
    this.#keys.clear();
  }
}

/** A view of a shared block would keep the whole block, some 8 KB, in memory for 32 bytes. */
function ownBuffer(key: Buffer): Buffer {
  if (key.buffer.byteLength === key.length) return key;
  const own = Buffer.allocUnsafeSlow(key.length);
  key.copy(own);
  return own;
}

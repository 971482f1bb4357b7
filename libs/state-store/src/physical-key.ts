import { BadCollection } from './errors.ts';
import type { ScanRange } from './state-store.port.ts';

const COLLECTION = /^[a-z0-9.]{1,32}$/;
const known = new Set<string>();

/** Where the store's epoch stands. Rows of its own begin with 0x00, which no collection's name does. */
export const EPOCH_KEY = Buffer.from('\u0000epoch');

/** Where a checkpoint stands. */
export function checkpointKey(name: string): Buffer {
  return Buffer.from(`\u0000checkpoint\u0000${name}`);
}

/** Collection, 0x00, the key's UTF-8: rows lie by collection, then by key. Throws `BadCollection`. */
export function rowKey(collection: string, key: string): Buffer {
  return Buffer.from(`${checked(collection)}\u0000${key}`);
}

/** The key inside its collection. */
export function logicalKey(collection: string, physical: Buffer): string {
  return physical.toString('utf8', collection.length + 1);
}

/** Physical bounds of a range: `gte` inclusive, `lt` exclusive. Throws `BadCollection`. */
export function bounds({ collection, gte = '', lt }: ScanRange): { gte: Buffer; lt: Buffer } {
  return {
    gte: rowKey(collection, gte),
    lt: lt === undefined ? Buffer.from(`${checked(collection)}\u0001`) : rowKey(collection, lt),
  };
}

/** Names are few and come from code, so the set stays small and the pattern runs once for each. */
function checked(collection: string): string {
  if (!known.has(collection)) {
    if (!COLLECTION.test(collection)) throw new BadCollection(collection);
    known.add(collection);
  }
  return collection;
}

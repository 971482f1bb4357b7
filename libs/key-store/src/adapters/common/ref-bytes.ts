import type { Ref } from '#kernel';
import { randomBytes } from '../../random-bytes.ts';

/** Bytes of a ref on disk: unsigned, big-endian, top bit clear. */
export const REF_BYTES = 8;

/** Number of buckets; each has a key of its own that an erasure replaces. */
export const BUCKETS = 4096;

const BUCKET_SHIFT = 19;
const MAX_REF = (1n << 63n) - 1n;

/** The bucket is the ref's top 12 of 63 bits, so refs in byte order lie bucket by bucket. */
export function bucketOf(ref: Buffer): number {
  return ref.readUInt32BE(0) >>> BUCKET_SHIFT;
}

/** Lowest and highest ref of a bucket, both inclusive. */
export function refRange(bucket: number): { readonly first: Buffer; readonly last: Buffer } {
  const first = Buffer.alloc(REF_BYTES);
  first.writeUInt32BE(bucket * 2 ** BUCKET_SHIFT, 0);
  const last = Buffer.alloc(REF_BYTES, 0xff);
  last.writeUInt32BE((bucket + 1) * 2 ** BUCKET_SHIFT - 1, 0);
  return { first, last };
}

/** Decimal form of a ref's bytes. */
export function formatRef(bytes: Buffer): Ref {
  return bytes.readBigUInt64BE(0).toString() as Ref;
}

/** Bytes of a ref; `undefined` for a text that no store ever minted. */
export function parseRef(ref: Ref): Buffer | undefined {
  if (!/^[1-9]\d{0,18}$/.test(ref)) return undefined;
  const number = BigInt(ref);
  if (number > MAX_REF) return undefined;
  const bytes = Buffer.allocUnsafe(REF_BYTES);
  bytes.writeBigUInt64BE(number, 0);
  return bytes;
}

/** A random ref, never 0. */
export function drawRef(): Buffer {
  let bytes: Buffer;
  do {
    bytes = randomBytes(REF_BYTES);
    bytes[0] = (bytes[0] as number) & 0x7f;
  } while (bytes.readBigUInt64BE(0) === 0n);
  return bytes;
}

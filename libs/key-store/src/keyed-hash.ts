import sodium from 'sodium-native';

/** Bytes of every keyed hash here: 128 bits, so that accidental equality is out of reach at any size. */
export const HASH_BYTES = 16;

const UTF8_BYTES_PER_UNIT = 3;
const LENGTH_BYTES = 4;
// One scratch for all calls: hashing is synchronous, and an allocation a call would cost as much as the hash.
let scratch = Buffer.allocUnsafeSlow(4096);

/**
 * BLAKE2b of 16 bytes under `key` over the parts, each one preceded by its length (UTF-8 bytes, 32 bits): no two
 * lists of parts have the same encoding.
 */
export function keyedHash(key: Buffer, parts: readonly string[]): Buffer {
  let worst = 0;
  for (const part of parts) worst += LENGTH_BYTES + part.length * UTF8_BYTES_PER_UNIT;
  if (worst > scratch.length) scratch = Buffer.allocUnsafeSlow(2 * worst);
  let end = 0;
  for (const part of parts) {
    const length = scratch.write(part, end + LENGTH_BYTES, 'utf8');
    scratch.writeUInt32LE(length, end);
    end += LENGTH_BYTES + length;
  }
  const hash = Buffer.allocUnsafe(HASH_BYTES);
  sodium.crypto_generichash(hash, scratch.subarray(0, end), key);
  return hash;
}

/** As `keyedHash`, over a label and bytes. */
export function keyedHashOfBytes(key: Buffer, label: string, content: Uint8Array): Buffer {
  const name = Buffer.from(label, 'utf8');
  const lengths = Buffer.alloc(2 * LENGTH_BYTES);
  lengths.writeUInt32LE(name.length, 0);
  lengths.writeUInt32LE(content.length, LENGTH_BYTES);
  const hash = Buffer.allocUnsafe(HASH_BYTES);
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  sodium.crypto_generichash_batch(
    hash,
    [lengths.subarray(0, LENGTH_BYTES), name, lengths.subarray(LENGTH_BYTES), bytes],
    key,
  );
  return hash;
}

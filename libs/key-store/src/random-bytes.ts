import sodium from 'sodium-native';

const POOL_BYTES = 8192;
let pool = Buffer.alloc(0);
let used = 0;

/**
 * Random bytes of libsodium, at most 8,192 of them. A view of a block drawn at once, because a draw costs a
 * microsecond whatever its size; no byte of a block is given twice.
 */
export function randomBytes(length: number): Buffer {
  if (used + length > pool.length) {
    pool = Buffer.allocUnsafeSlow(POOL_BYTES);
    sodium.randombytes_buf(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + length);
  used += length;
  return bytes;
}

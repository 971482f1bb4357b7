import sodium from 'sodium-native';
import { KEY_BYTES } from '../../derived-secrets.ts';

const NONCE_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
const TAG_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES;

/** Bytes of a wrapped bucket key: nonce, ciphertext, tag. */
export const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/** A bucket key, opened. */
export interface BucketKey {
  /** From 1, one more with every re-wrap. */
  readonly generation: number;
  readonly key: Buffer;
}

/** A bucket key under the master key. */
export interface WrappedKey {
  readonly generation: number;
  readonly box: Buffer;
}

/** A fresh random bucket key. */
export function drawBucketKey(): Buffer {
  const key = Buffer.allocUnsafeSlow(KEY_BYTES);
  sodium.randombytes_buf(key);
  return key;
}

/** Wraps a bucket key with a random nonce, bound to its bucket and generation. */
export function wrapKey(bucket: number, generation: number, key: Buffer, wrap: Buffer): Buffer {
  const box = Buffer.allocUnsafe(WRAPPED_BYTES);
  const nonce = box.subarray(0, NONCE_BYTES);
  sodium.randombytes_buf(nonce);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    box.subarray(NONCE_BYTES),
    key,
    associatedData(bucket, generation),
    null,
    nonce,
    wrap,
  );
  return box;
}

/** The bucket key of a box; `undefined` if it was wrapped for another bucket, generation or master key. */
export function unwrapKey(bucket: number, wrapped: WrappedKey, wrap: Buffer): Buffer | undefined {
  const key = Buffer.allocUnsafeSlow(KEY_BYTES);
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      key,
      null,
      wrapped.box.subarray(NONCE_BYTES),
      associatedData(bucket, wrapped.generation),
      wrapped.box.subarray(0, NONCE_BYTES),
      wrap,
    );
    return key;
  } catch {
    return undefined;
  }
}

function associatedData(bucket: number, generation: number): Buffer {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUInt16BE(bucket, 0);
  bytes.writeUInt32BE(generation, 2);
  return bytes;
}

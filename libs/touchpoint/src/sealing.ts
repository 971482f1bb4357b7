import sodium from 'sodium-native';
import type { Envelope, SealedBody } from './envelope.ts';
import { associatedData } from './envelope-codec.ts';
import { BadKey } from './errors.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;

/** How opening a sealed body ended. `broken`: wrong key, or body or envelope are not what was sealed. */
export type Unsealed =
  { readonly outcome: 'opened'; readonly body: SealedBody } | { readonly outcome: 'broken' };

/**
 * Seals a body under the anchor's key and binds it to its envelope: 24 random bytes of nonce, then
 * XChaCha20-Poly1305 of the UTF-8 JSON. Throws `BadKey` for a key that is not 32 bytes.
 */
export function seal(body: SealedBody, envelope: Envelope, key: Uint8Array): Buffer {
  if (key.byteLength !== KEY_BYTES) throw new BadKey(key.byteLength);
  const plain = JSON.stringify(body);
  const size = Buffer.byteLength(plain, 'utf8');
  const sealed = Buffer.allocUnsafe(NONCE_BYTES + size + TAG_BYTES);
  drawNonce(sealed);
  // In place: the plain text stands where its ciphertext will.
  sealed.write(plain, NONCE_BYTES, 'utf8');
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    sealed.subarray(NONCE_BYTES),
    sealed.subarray(NONCE_BYTES, NONCE_BYTES + size),
    associatedData(envelope),
    null,
    sealed.subarray(0, NONCE_BYTES),
    asBuffer(key),
  );
  return sealed;
}

const nonces = Buffer.alloc(NONCE_BYTES * 256);
let nextNonce = nonces.length;

/** Random bytes for 256 seals at once: asking the system for each cost more than the seal itself (measured). */
function drawNonce(target: Buffer): void {
  if (nextNonce === nonces.length) {
    sodium.randombytes_buf(nonces);
    nextNonce = 0;
  }
  nonces.copy(target, 0, nextNonce, nextNonce + NONCE_BYTES);
  nextNonce += NONCE_BYTES;
}

/** Opens what `seal` made. Throws `BadKey` for a key that is not 32 bytes. */
export function unseal(sealed: Uint8Array, envelope: Envelope, key: Uint8Array): Unsealed {
  if (key.byteLength !== KEY_BYTES) throw new BadKey(key.byteLength);
  const size = sealed.byteLength - NONCE_BYTES - TAG_BYTES;
  if (size < 0) return { outcome: 'broken' };
  const bytes = asBuffer(sealed);
  const plain = Buffer.allocUnsafe(size);
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      plain,
      null,
      bytes.subarray(NONCE_BYTES),
      associatedData(envelope),
      bytes.subarray(0, NONCE_BYTES),
      asBuffer(key),
    );
  } catch {
    return { outcome: 'broken' };
  }
  return { outcome: 'opened', body: JSON.parse(plain.toString('utf8')) as SealedBody };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

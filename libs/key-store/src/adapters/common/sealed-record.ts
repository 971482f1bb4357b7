import sodium from 'sodium-native';
import { KEY_BYTES } from '../../derived-secrets.ts';
import { HASH_BYTES } from '../../keyed-hash.ts';
import { randomBytes } from '../../random-bytes.ts';
import { REF_BYTES } from './ref-bytes.ts';

const NONCE_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
const TAG_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES;

/** What a ref stands for. */
export interface Secret {
  /** Keyed hash of the identifier; `null` for the ref of an unattributed event. */
  readonly hash: Buffer | null;
  /** Key of the anchor; `null` until the identifier anchors an event. */
  readonly key: Buffer | null;
}

/** A secret under its bucket's key: whoever destroys that key destroys every copy of the record. */
export interface SealedRecord {
  readonly ref: Buffer;
  /** Generation of the bucket key it was sealed under, from 1. */
  readonly generation: number;
  readonly hasHash: boolean;
  readonly hasKey: boolean;
  /** Nonce, then ciphertext. */
  readonly box: Buffer;
}

/** Bytes of a record's box. */
export function boxBytes(hasHash: boolean, hasKey: boolean): number {
  return NONCE_BYTES + (hasHash ? HASH_BYTES : 0) + (hasKey ? KEY_BYTES : 0) + TAG_BYTES;
}

/** Seals a secret under a bucket key with a random nonce, bound to its ref and generation. */
export function sealRecord(ref: Buffer, secret: Secret, generation: number, bucketKey: Buffer): SealedRecord {
  const hasHash = secret.hash !== null;
  const hasKey = secret.key !== null;
  const box = Buffer.allocUnsafe(boxBytes(hasHash, hasKey));
  const nonce = randomBytes(NONCE_BYTES);
  nonce.copy(box);
  // In place: the plain text stands where its ciphertext will.
  secret.hash?.copy(box, NONCE_BYTES);
  secret.key?.copy(box, NONCE_BYTES + (hasHash ? HASH_BYTES : 0));
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    box.subarray(NONCE_BYTES),
    box.subarray(NONCE_BYTES, box.length - TAG_BYTES),
    associatedData(ref, generation),
    null,
    nonce,
    bucketKey,
  );
  return { ref, generation, hasHash, hasKey, box };
}

/** Opens a record; `undefined` if the key is not the one it was sealed under. */
export function openRecord(record: SealedRecord, bucketKey: Buffer): Secret | undefined {
  const plain = Buffer.allocUnsafe(record.box.length - NONCE_BYTES - TAG_BYTES);
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      plain,
      null,
      record.box.subarray(NONCE_BYTES),
      associatedData(record.ref, record.generation),
      record.box.subarray(0, NONCE_BYTES),
      bucketKey,
    );
  } catch {
    return undefined;
  }
  const keyAt = record.hasHash ? HASH_BYTES : 0;
  return {
    hash: record.hasHash ? plain.subarray(0, HASH_BYTES) : null,
    key: record.hasKey ? plain.subarray(keyAt, keyAt + KEY_BYTES) : null,
  };
}

const bound = Buffer.alloc(REF_BYTES + 4);

function associatedData(ref: Buffer, generation: number): Buffer {
  ref.copy(bound, 0);
  bound.writeUInt32BE(generation, REF_BYTES);
  return bound;
}

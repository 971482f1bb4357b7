import sodium from 'sodium-native';
import { stampUuid } from '#kernel';
import { InvalidMasterKey } from './errors.ts';
import { keyedHash, keyedHashOfBytes } from './keyed-hash.ts';

/** Bytes of the master key and of every key derived from it. */
export const KEY_BYTES = 32;

const NONCE_BYTES = 24;
const TAG_BYTES = 16;

// Part of every derivation: changing it changes all hashes, ids and wraps.
const CONTEXT = Buffer.from('temaskey', 'latin1');

/** Numbers of the sub-keys. Never renumbered: what was hashed under one must be found again. */
const SUBKEY = { identifiers: 1, eventIds: 2, marks: 3, buckets: 4, check: 5, seals: 6 } as const;

/** What one master key yields: every hash, id and wrap of the key store. Adapters share it unchanged. */
export class DerivedSecrets {
  /** Wraps bucket keys. */
  readonly bucketWrap: Buffer;
  readonly #identifiers: Buffer;
  readonly #eventIds: Buffer;
  readonly #marks: Buffer;
  readonly #check: Buffer;
  readonly #seals: Buffer;

  /** Throws `InvalidMasterKey` unless the key has 32 bytes. The master key itself is not kept. */
  constructor(masterKey: Buffer) {
    if (masterKey.length !== KEY_BYTES) throw new InvalidMasterKey(masterKey.length);
    this.bucketWrap = derive(masterKey, SUBKEY.buckets);
    this.#identifiers = derive(masterKey, SUBKEY.identifiers);
    this.#eventIds = derive(masterKey, SUBKEY.eventIds);
    this.#marks = derive(masterKey, SUBKEY.marks);
    this.#check = derive(masterKey, SUBKEY.check);
    this.#seals = derive(masterKey, SUBKEY.seals);
  }

  /** 16 bytes that stand for an identifier inside the key store and nowhere else. */
  identifierHash(workspace: string, namespace: string, value: string): Buffer {
    return keyedHash(this.#identifiers, [workspace, namespace, value]);
  }

  /** Event id, a UUID of version 8: the same for the same message of a source, unguessable without the key. */
  eventId(workspace: string, source: string, messageId: string): string {
    return stampUuid(keyedHash(this.#eventIds, [workspace, source, messageId]), 8);
  }

  /** 16 bytes that stand for `content` under a purpose. Text counts as its UTF-8. */
  mark(purpose: string, content: string | Uint8Array): Buffer {
    return typeof content === 'string'
      ? keyedHash(this.#marks, [purpose, content])
      : keyedHashOfBytes(this.#marks, purpose, content);
  }

  /** Nonce, ciphertext and tag; opens only under the same purpose. */
  seal(purpose: string, plain: Uint8Array): Buffer {
    const sealed = Buffer.alloc(NONCE_BYTES + plain.byteLength + TAG_BYTES);
    const nonce = sealed.subarray(0, NONCE_BYTES);
    sodium.randombytes_buf(nonce);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      sealed.subarray(NONCE_BYTES),
      Buffer.from(plain),
      Buffer.from(purpose, 'utf8'),
      null,
      nonce,
      this.#seals,
    );
    return sealed;
  }

  /** What was sealed; `undefined` for bytes that this key did not seal under this purpose. */
  open(purpose: string, sealed: Uint8Array): Buffer | undefined {
    const size = sealed.byteLength - NONCE_BYTES - TAG_BYTES;
    if (size < 0) return undefined;
    const bytes = Buffer.from(sealed);
    const plain = Buffer.alloc(size);
    try {
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain,
        null,
        bytes.subarray(NONCE_BYTES),
        Buffer.from(purpose, 'utf8'),
        bytes.subarray(0, NONCE_BYTES),
        this.#seals,
      );
      return plain;
    } catch {
      return undefined;
    }
  }

  /** 16 bytes kept beside a store to recognise its master key at the next opening. */
  check(storeId: string): Buffer {
    return keyedHash(this.#check, [storeId]);
  }
}

function derive(masterKey: Buffer, number: number): Buffer {
  const subkey = Buffer.alloc(KEY_BYTES);
  sodium.crypto_kdf_derive_from_key(subkey, number, CONTEXT, masterKey);
  return subkey;
}

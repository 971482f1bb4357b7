import { open, type FileHandle } from 'node:fs/promises';
import sodium from 'sodium-native';
import { messageOf } from '#kernel';
import { KeyStoreCorrupt } from '../../errors.ts';
import { KEY_BYTES } from '../../derived-secrets.ts';
import { BUCKETS } from './ref-bytes.ts';

const NONCE_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
const TAG_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES;
const GENERATION_BYTES = 4;
/** A slot: generation, nonce, wrapped key. All zero: free. */
const SLOT_BYTES = GENERATION_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const FILE_BYTES = BUCKETS * 2 * SLOT_BYTES;

/** A bucket key found in the file. */
export interface BucketKey {
  readonly generation: number;
  readonly key: Buffer;
}

/**
 * The one place where bucket keys lie: a plain file of two fixed slots per bucket, overwritten in place, because a
 * copy-on-write engine would keep old keys in its free pages. Generation g lives in slot g mod 2. On a file system
 * or a drive that itself copies on write, an overwritten slot is gone only when its block is reused.
 */
export class BucketFile {
  private constructor(
    private readonly file: FileHandle,
    private readonly wrap: Buffer,
    private readonly image: Buffer,
  ) {}

  /** Creates the file with a key of generation 1 per bucket, durable when answered. */
  static async create(path: string, wrap: Buffer): Promise<BucketFile> {
    const file = await open(path, 'w+', 0o600);
    const image = Buffer.alloc(FILE_BYTES);
    const store = new BucketFile(file, wrap, image);
    for (let bucket = 0; bucket < BUCKETS; bucket++) store.#fill(bucket, 1);
    await file.write(image, 0, FILE_BYTES, 0);
    await file.sync();
    return store;
  }

  /** Opens the file; throws `KeyStoreCorrupt` if it is missing or cut: without it no key can be read. */
  static async open(path: string, wrap: Buffer): Promise<BucketFile> {
    const file = await open(path, 'r+').catch((error: unknown) => {
      throw new KeyStoreCorrupt(`the bucket keys cannot be opened: ${messageOf(error)}`);
    });
    const image = Buffer.alloc(FILE_BYTES);
    const { bytesRead } = await file.read(image, 0, FILE_BYTES, 0);
    if (bytesRead < FILE_BYTES) {
      await file.close();
      throw new KeyStoreCorrupt('the file of bucket keys is cut');
    }
    return new BucketFile(file, wrap, image);
  }

  /** The key of a generation; throws `KeyStoreCorrupt` if it is not there or does not open. */
  key(bucket: number, generation: number): Buffer {
    const at = slotAt(bucket, generation);
    const slot = this.image.subarray(at, at + SLOT_BYTES);
    const key = Buffer.allocUnsafeSlow(KEY_BYTES);
    try {
      if (slot.readUInt32BE(0) !== generation) throw new Error('another generation');
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        key,
        null,
        slot.subarray(GENERATION_BYTES + NONCE_BYTES),
        associatedData(bucket, generation),
        slot.subarray(GENERATION_BYTES, GENERATION_BYTES + NONCE_BYTES),
        this.wrap,
      );
    } catch {
      throw new KeyStoreCorrupt(`the key of bucket ${bucket}, generation ${generation}, is not readable`);
    }
    return key;
  }

  /** Puts fresh keys into the slots of the given generations, durable when answered. */
  async stage(next: ReadonlyMap<number, number>): Promise<Map<number, BucketKey>> {
    const keys = new Map<number, BucketKey>();
    for (const [bucket, generation] of next) {
      keys.set(bucket, { generation, key: this.#fill(bucket, generation) });
    }
    await this.#write(next);
    return keys;
  }

  /** Overwrites the slots of the given generations, durable when answered. */
  async wipe(old: ReadonlyMap<number, number>): Promise<void> {
    if (old.size === 0) return;
    for (const [bucket, generation] of old) {
      const at = slotAt(bucket, generation);
      this.image.fill(0, at, at + SLOT_BYTES);
    }
    await this.#write(old);
  }

  /** True if the slot that does not hold `generation` is filled: an erasure was cut. */
  isHalfDone(bucket: number, generation: number): boolean {
    const at = slotAt(bucket, generation + 1);
    return this.image.subarray(at, at + SLOT_BYTES).some((byte) => byte !== 0);
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.file.close();
    this.image.fill(0);
  }

  #fill(bucket: number, generation: number): Buffer {
    const at = slotAt(bucket, generation);
    const slot = this.image.subarray(at, at + SLOT_BYTES);
    const key = Buffer.allocUnsafeSlow(KEY_BYTES);
    sodium.randombytes_buf(key);
    slot.writeUInt32BE(generation, 0);
    const nonce = slot.subarray(GENERATION_BYTES, GENERATION_BYTES + NONCE_BYTES);
    sodium.randombytes_buf(nonce);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      slot.subarray(GENERATION_BYTES + NONCE_BYTES),
      key,
      associatedData(bucket, generation),
      null,
      nonce,
      this.wrap,
    );
    return key;
  }

  async #write(slots: ReadonlyMap<number, number>): Promise<void> {
    for (const [bucket, generation] of slots) {
      const at = slotAt(bucket, generation);
      await this.file.write(this.image, at, SLOT_BYTES, at);
    }
    await this.file.datasync();
  }
}

function slotAt(bucket: number, generation: number): number {
  return (bucket * 2 + (generation % 2)) * SLOT_BYTES;
}

function associatedData(bucket: number, generation: number): Buffer {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUInt16BE(bucket, 0);
  bytes.writeUInt32BE(generation, 2);
  return bytes;
}

import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '#kernel';
import { KeyStoreCorrupt } from '../../errors.ts';
import { drawBucketKey, unwrapKey, WRAPPED_BYTES, wrapKey, type BucketKey } from '../common/bucket-wrap.ts';
import { BUCKETS } from '../common/ref-bytes.ts';

const GENERATION_BYTES = 4;
/** A slot: generation, nonce, wrapped key. All zero: free. */
const SLOT_BYTES = GENERATION_BYTES + WRAPPED_BYTES;
const FILE_BYTES = BUCKETS * 2 * SLOT_BYTES;

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
    const box = slot.subarray(GENERATION_BYTES);
    const key =
      slot.readUInt32BE(0) === generation ? unwrapKey(bucket, { generation, box }, this.wrap) : undefined;
    if (key === undefined) {
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
    const key = drawBucketKey();
    slot.writeUInt32BE(generation, 0);
    wrapKey(bucket, generation, key, this.wrap).copy(slot, GENERATION_BYTES);
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

import sodium from 'sodium-native';
import type { Ref } from '#kernel';
import type { Session } from '#postgres';
import { KeyStoreCorrupt } from '../../errors.ts';
import { type BucketKey, unwrapKey } from '../common/bucket-wrap.ts';
import { bucketOf, parseRef } from '../common/ref-bytes.ts';
import { openRecord, sealRecord } from '../common/sealed-record.ts';

/** An anchor's key as its row holds it. */
export interface KeyBox {
  readonly generation: number;
  readonly box: Buffer;
}

/** The bucket keys in memory, as of the last refresh; other processes replace them in the table. */
export class BucketKeys {
  readonly #keys = new Map<number, BucketKey>();
  #seen = -1n;

  constructor(
    private readonly schema: string,
    private readonly wrap: Buffer,
  ) {}

  /** Number of the newest erasure that the keys in memory know. */
  get seen(): bigint {
    return this.#seen;
  }

  /** Reads the keys that changed since the last time. Throws `KeyStoreCorrupt` where one does not open. */
  async refresh(session: Session): Promise<void> {
    const changed = await session.query<[number, number, Buffer, bigint]>(
      `SELECT bucket, generation, wrapped, changed FROM ${this.schema}.key_buckets WHERE changed > $1::int8`,
      [String(this.#seen)],
    );
    for (const [bucket, generation, box, number] of changed) {
      const key = unwrapKey(bucket, { generation, box }, this.wrap);
      if (key === undefined) throw new KeyStoreCorrupt(`the key of bucket ${bucket} is not readable`);
      this.#replace(bucket, { generation, key });
      if (number > this.#seen) this.#seen = number;
    }
  }

  /** The key of a bucket in memory. */
  current(bucket: number): BucketKey {
    const key = this.#keys.get(bucket);
    if (key === undefined) throw new KeyStoreCorrupt(`bucket ${bucket} has no key`);
    return key;
  }

  /** Seals an anchor's key, under the current key of its ref's bucket or the one that is given. */
  seal(ref: Ref, key: Buffer, under?: BucketKey): KeyBox {
    const bytes = refBytes(ref);
    const { generation, key: bucketKey } = under ?? this.current(bucketOf(bytes));
    return { generation, box: sealRecord(bytes, { hash: null, key }, generation, bucketKey).box };
  }

  /** Opens an anchor's key; `undefined` where it lies under a bucket key that is not the one in memory. */
  open(ref: Ref, { generation, box }: KeyBox): Buffer | undefined {
    const bytes = refBytes(ref);
    const current = this.current(bucketOf(bytes));
    if (current.generation !== generation) return undefined;
    const record = { ref: bytes, generation, hasHash: false, hasKey: true, box };
    return openRecord(record, current.key)?.key ?? undefined;
  }

  /** Clears the keys from memory. */
  clear(): void {
    for (const { key } of this.#keys.values()) sodium.sodium_memzero(key);
    this.#keys.clear();
  }

  #replace(bucket: number, next: BucketKey): void {
    const old = this.#keys.get(bucket);
    // The answer of a slower refresh that began earlier.
    if (old !== undefined && old.generation >= next.generation) return;
    if (old !== undefined) sodium.sodium_memzero(old.key);
    this.#keys.set(bucket, next);
  }
}

/** Bytes of a ref that this store minted. Throws `KeyStoreCorrupt`. */
export function refBytes(ref: Ref): Buffer {
  const bytes = parseRef(ref);
  if (bytes === undefined) throw new KeyStoreCorrupt(`${ref} is not a ref`);
  return bytes;
}

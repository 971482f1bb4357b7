import sodium from 'sodium-native';
import type { BucketKey } from '../common/bucket-wrap.ts';
import { BUCKETS, bucketOf } from '../common/ref-bytes.ts';
import { openRecord, sealRecord, type SealedRecord, type Secret } from '../common/sealed-record.ts';

/** The bucket keys in memory: seals and opens records under the current key of their bucket. */
export class Keyring {
  readonly #keys: BucketKey[] = [];

  /** Loads the current key of every bucket. */
  constructor(load: (bucket: number) => BucketKey) {
    for (let bucket = 0; bucket < BUCKETS; bucket++) this.#keys.push(load(bucket));
  }

  /** Generation of the bucket's current key. */
  generation(bucket: number): number {
    return this.#current(bucket).generation;
  }

  /** Seals a secret for its ref. */
  seal(ref: Buffer, secret: Secret): SealedRecord {
    return this.sealUnder(this.#current(bucketOf(ref)), ref, secret);
  }

  /** Seals a secret under a key that is not the current one yet. */
  sealUnder(key: BucketKey, ref: Buffer, secret: Secret): SealedRecord {
    return sealRecord(ref, secret, key.generation, key.key);
  }

  /** Opens a record; `undefined` if it was sealed under a key that is gone. */
  open(record: SealedRecord): Secret | undefined {
    const { generation, key } = this.#current(bucketOf(record.ref));
    return record.generation === generation ? openRecord(record, key) : undefined;
  }

  /** Makes keys current and clears their predecessors from memory. */
  replace(keys: ReadonlyMap<number, BucketKey>): void {
    for (const [bucket, key] of keys) {
      sodium.sodium_memzero(this.#current(bucket).key);
      this.#keys[bucket] = key;
    }
  }

  /** Clears all keys from memory. */
  clear(): void {
    for (const { key } of this.#keys) sodium.sodium_memzero(key);
  }

  #current(bucket: number): BucketKey {
    return this.#keys[bucket] as BucketKey;
  }
}

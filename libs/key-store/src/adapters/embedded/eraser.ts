import type { Ref } from '#kernel';
import { KeyStoreCorrupt } from '../../errors.ts';
import type { EraseReport, EraseRequest } from '../../key-store.port.ts';
import type { BucketKey } from '../common/bucket-wrap.ts';
import type { BucketFile } from './bucket-file.ts';
import type { IdentifierCache } from '../common/identifier-cache.ts';
import { Lane } from '../common/lane.ts';
import type { Ledger } from './ledger.ts';
import type { MintRow } from './mint-row.ts';
import { bucketOf, formatRef, parseRef } from '../common/ref-bytes.ts';
import type { SealedRecord } from '../common/sealed-record.ts';

/** Where an erasure stands; tests cut it there. */
export type ErasureStep = 'keys-staged' | 'rewrapped' | 'indexed' | 'purged' | 'wiped';

/** Told of each step once it is done. */
export type ErasureWatch = (step: ErasureStep) => void | Promise<void>;

// Mints wait while buckets are re-wrapped: at five million refs a bucket holds about 1,200, some 10 ms of work.
const BUCKETS_AT_ONCE = 4;

/**
 * Destroys keys for good. New bucket keys go to the free slots; one transaction re-wraps what survives and leaves
 * out the dead; the index drops and compacts; then the old bucket keys are overwritten, and every older copy of a
 * dead record, in whatever page, is unreadable.
 */
export class Eraser {
  // A bucket has one free slot: the next erasure waits until it is free again.
  readonly #lane = new Lane();
  /** Old generations still on disk, also those of an erasure that failed before its end. */
  readonly #replaced = new Map<number, number>();

  constructor(
    private readonly ledger: Ledger,
    private readonly buckets: BucketFile,
    private readonly cache: IdentifierCache,
    private readonly watch: ErasureWatch,
  ) {}

  /** See `KeyStore.erase`. */
  erase(request: EraseRequest): Promise<EraseReport> {
    return this.#lane.run(async () => {
      const suppress = new Set<Ref>(request.suppress);
      const report = { keys: 0, identifiers: 0, buckets: 0 };
      for (const group of groupByBucket(request.refs)) {
        const step = await this.ledger.exclusive(() => this.#rewrap(group, suppress));
        report.keys += step.keys;
        report.identifiers += step.identifiers;
        report.buckets += step.buckets;
      }
      await this.#wipe();
      return report;
    });
  }

  /** Waits for erasures under way. */
  async idle(): Promise<void> {
    await this.#lane.idle();
  }

  async #wipe(): Promise<void> {
    if (this.#replaced.size === 0) return;
    await this.watch('indexed');
    await this.ledger.index.purge();
    await this.watch('purged');
    await this.buckets.wipe(this.#replaced);
    this.#replaced.clear();
    await this.watch('wiped');
  }

  async #rewrap(
    group: ReadonlyMap<number, readonly Buffer[]>,
    suppress: ReadonlySet<Ref>,
  ): Promise<EraseReport> {
    const { index, keyring } = this.ledger;
    const asked = [...group.values()].flat();
    const found = (await index.records(asked)).filter((held) => held !== undefined);
    const dead = new Set(found.map(({ record }) => formatRef(record.ref)));
    const next = new Map<number, number>();
    for (const { record } of found) {
      const bucket = bucketOf(record.ref);
      next.set(bucket, keyring.generation(bucket) + 1);
    }
    if (found.length === 0) return { keys: 0, identifiers: 0, buckets: 0 };

    const staged = await this.buckets.stage(next);
    await this.watch('keys-staged');

    const hashOf = new Map<SealedRecord, { hash: Buffer | null }>();
    const rows: MintRow[] = [];
    for (const [bucket, key] of staged) {
      rows.push(await this.#rewrapBucket(bucket, key, dead, hashOf));
    }
    const suppressed = found.flatMap(({ record, hash }) =>
      hash !== null && suppress.has(formatRef(record.ref)) ? [hash] : [],
    );
    if (suppressed.length > 0) rows.push({ kind: 'suppress', hashes: suppressed });
    const durable = async (): Promise<void> => {
      keyring.replace(staged);
      for (const [bucket, generation] of next) this.#replaced.set(bucket, generation - 1);
      for (const ref of dead) this.cache.forget(ref);
      await this.watch('rewrapped');
    };
    await this.ledger.write(rows, durable, (record) => hashOf.get(record));
    return {
      keys: found.filter(({ record }) => record.hasKey).length,
      identifiers: found.filter(({ record }) => record.hasHash).length,
      buckets: staged.size,
    };
  }

  async #rewrapBucket(
    bucket: number,
    key: BucketKey,
    dead: ReadonlySet<Ref>,
    hashOf: Map<SealedRecord, { hash: Buffer | null }>,
  ): Promise<MintRow> {
    const { index, keyring } = this.ledger;
    const records: SealedRecord[] = [];
    for (const { record, hash } of await index.bucket(bucket)) {
      if (dead.has(formatRef(record.ref))) continue;
      const secret = keyring.open(record);
      if (secret === undefined) throw new KeyStoreCorrupt(`a record of bucket ${bucket} is not readable`);
      const rewrapped = keyring.sealUnder(key, record.ref, secret);
      records.push(rewrapped);
      hashOf.set(rewrapped, { hash });
    }
    return { kind: 'rewrap', bucket, generation: key.generation, records };
  }
}

function groupByBucket(refs: readonly Ref[]): Map<number, Buffer[]>[] {
  const byBucket = new Map<number, Buffer[]>();
  for (const ref of new Set(refs)) {
    const bytes = parseRef(ref);
    if (bytes === undefined) continue;
    const bucket = bucketOf(bytes);
    const others = byBucket.get(bucket);
    if (others) others.push(bytes);
    else byBucket.set(bucket, [bytes]);
  }
  const entries = [...byBucket];
  const groups: Map<number, Buffer[]>[] = [];
  for (let at = 0; at < entries.length; at += BUCKETS_AT_ONCE) {
    groups.push(new Map(entries.slice(at, at + BUCKETS_AT_ONCE)));
  }
  return groups;
}

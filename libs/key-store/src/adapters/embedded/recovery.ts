import type { BucketFile } from './bucket-file.ts';
import type { Keyring } from './keyring.ts';
import type { MintLog, NumberedRow } from './mint-log.ts';
import { BUCKETS } from '../common/ref-bytes.ts';
import type { ReferenceIndex } from './reference-index.ts';

const ROWS_AT_ONCE = 256;

/**
 * Brings the index to the end of the mint log. Records under a replaced bucket key are skipped: what survived them
 * stands in the bucket's rewrap row. An index of another store, or ahead of the log, is built anew.
 */
export async function replay(
  storeId: string,
  mints: MintLog,
  index: ReferenceIndex,
  keyring: Keyring,
): Promise<void> {
  let applied = await index.applied(storeId);
  if (applied === undefined || applied > mints.last) {
    await index.clear();
    applied = 0;
  }
  let rows: NumberedRow[] = [];
  const flush = async (): Promise<void> => {
    await index.apply(storeId, rows, (record) => keyring.open(record));
    rows = [];
  };
  for (const row of mints.after(applied)) {
    rows.push(row);
    if (rows.length >= ROWS_AT_ONCE) await flush();
  }
  await flush();
}

/**
 * Finishes erasures that were cut. The log has decided which key of a bucket is current; the other slot holds the
 * old key of an erasure that took place, or a new key that was never used. Either way it goes, after the index has
 * dropped what the log dropped.
 */
export async function finishErasures(
  index: ReferenceIndex,
  buckets: BucketFile,
  keyring: Keyring,
): Promise<void> {
  const others = new Map<number, number>();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const generation = keyring.generation(bucket);
    if (buckets.isHalfDone(bucket, generation)) others.set(bucket, generation + 1);
  }
  if (others.size === 0) return;
  await index.purge();
  await buckets.wipe(others);
}

import { HASH_BYTES } from '../../keyed-hash.ts';
import { flagsOf } from './mint-row.ts';
import { boxBytes, type SealedRecord } from '../common/sealed-record.ts';

/** A record as the index keeps it: beside the sealed box stands the hash, so that both rows can be dropped. */
export interface IndexRecord {
  readonly record: SealedRecord;
  readonly hash: Buffer | null;
}

const HASH = 0x68; // h
const REF = 0x72; // r

/** Keys of the index's rows; `first` and `last` bound them all. */
export const indexKeys = {
  applied: Buffer.from('a', 'latin1'),
  first: Buffer.from('a', 'latin1'),
  last: Buffer.from('z', 'latin1'),
  hash: (hash: Buffer): Buffer => prefixed(HASH, hash),
  ref: (ref: Buffer): Buffer => prefixed(REF, ref),
};

/** Bytes of a record's row: flags, generation, box, hash. */
export function writeIndexRecord(record: SealedRecord, hash: Buffer | null): Buffer {
  const row = Buffer.allocUnsafe(5 + record.box.length + (hash?.length ?? 0));
  row[0] = flagsOf(record);
  row.writeUInt32BE(record.generation, 1);
  record.box.copy(row, 5);
  hash?.copy(row, 5 + record.box.length);
  return row;
}

/** Reads a record's row. */
export function readIndexRecord(ref: Buffer, row: Buffer): IndexRecord {
  const flags = row[0] as number;
  const hasHash = (flags & 1) !== 0;
  const hasKey = (flags & 2) !== 0;
  const end = 5 + boxBytes(hasHash, hasKey);
  return {
    record: { ref, generation: row.readUInt32BE(1), hasHash, hasKey, box: row.subarray(5, end) },
    hash: hasHash ? row.subarray(end, end + HASH_BYTES) : null,
  };
}

function prefixed(prefix: number, rest: Buffer): Buffer {
  const key = Buffer.allocUnsafe(1 + rest.length);
  key[0] = prefix;
  rest.copy(key, 1);
  return key;
}

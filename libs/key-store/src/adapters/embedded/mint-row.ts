import { HASH_BYTES } from '../../keyed-hash.ts';
import { KeyStoreCorrupt } from '../../errors.ts';
import { REF_BYTES } from '../common/ref-bytes.ts';
import { boxBytes, type SealedRecord } from '../common/sealed-record.ts';

/** A row of the mint log: one durable step of the store. The index is the fold of these rows. */
export type MintRow =
  /** New refs, and keys for refs that had none. */
  | { readonly kind: 'mint'; readonly records: readonly SealedRecord[] }
  /** All that survived in a bucket, under its new key. Replaces everything said of the bucket before. */
  | {
      readonly kind: 'rewrap';
      readonly bucket: number;
      readonly generation: number;
      readonly records: readonly SealedRecord[];
    }
  | { readonly kind: 'suppress'; readonly hashes: readonly Buffer[] }
  | { readonly kind: 'permit'; readonly hashes: readonly Buffer[] };

const TYPE = { mint: 1, rewrap: 2, suppress: 3, permit: 4 } as const;
const RECORD_HEAD = REF_BYTES + 5;
const REWRAP_HEAD = 7;

/** Bytes of a row: a type byte, then records (ref, generation, flags, box) or hashes back to back. */
export function encodeRow(row: MintRow): Buffer {
  if (row.kind === 'suppress' || row.kind === 'permit') {
    return Buffer.concat([Buffer.of(TYPE[row.kind]), ...row.hashes]);
  }
  const head = row.kind === 'rewrap' ? REWRAP_HEAD : 1;
  let length = head;
  for (const record of row.records) length += RECORD_HEAD + record.box.length;
  const bytes = Buffer.allocUnsafe(length);
  bytes[0] = TYPE[row.kind];
  if (row.kind === 'rewrap') {
    bytes.writeUInt16BE(row.bucket, 1);
    bytes.writeUInt32BE(row.generation, 3);
  }
  let at = head;
  for (const record of row.records) at = writeRecord(bytes, at, record);
  return bytes;
}

/** Reads a row. Throws `KeyStoreCorrupt` for a type nobody writes. */
export function decodeRow(bytes: Buffer): MintRow {
  switch (bytes.readUInt8(0)) {
    case TYPE.mint:
      return { kind: 'mint', records: readRecords(bytes, 1) };
    case TYPE.rewrap:
      return {
        kind: 'rewrap',
        bucket: bytes.readUInt16BE(1),
        generation: bytes.readUInt32BE(3),
        records: readRecords(bytes, REWRAP_HEAD),
      };
    case TYPE.suppress:
      return { kind: 'suppress', hashes: readHashes(bytes) };
    case TYPE.permit:
      return { kind: 'permit', hashes: readHashes(bytes) };
    default:
      throw new KeyStoreCorrupt(`mint row of unknown type ${bytes[0]}`);
  }
}

function writeRecord(bytes: Buffer, start: number, record: SealedRecord): number {
  record.ref.copy(bytes, start);
  bytes.writeUInt32BE(record.generation, start + REF_BYTES);
  bytes[start + REF_BYTES + 4] = flagsOf(record);
  record.box.copy(bytes, start + RECORD_HEAD);
  return start + RECORD_HEAD + record.box.length;
}

function readRecords(bytes: Buffer, start: number): SealedRecord[] {
  const records: SealedRecord[] = [];
  let at = start;
  while (at < bytes.length) {
    const flags = bytes[at + REF_BYTES + 4] as number;
    const hasHash = (flags & 1) !== 0;
    const hasKey = (flags & 2) !== 0;
    const end = at + RECORD_HEAD + boxBytes(hasHash, hasKey);
    if (end > bytes.length) throw new KeyStoreCorrupt('a mint row ends inside a record');
    records.push({
      ref: bytes.subarray(at, at + REF_BYTES),
      generation: bytes.readUInt32BE(at + REF_BYTES),
      hasHash,
      hasKey,
      box: bytes.subarray(at + RECORD_HEAD, end),
    });
    at = end;
  }
  return records;
}

function readHashes(bytes: Buffer): Buffer[] {
  const hashes: Buffer[] = [];
  for (let at = 1; at < bytes.length; at += HASH_BYTES) hashes.push(bytes.subarray(at, at + HASH_BYTES));
  return hashes;
}

/** Flags byte of a record: 1 has a hash, 2 has a key. */
export function flagsOf(record: SealedRecord): number {
  return (record.hasHash ? 1 : 0) | (record.hasKey ? 2 : 0);
}

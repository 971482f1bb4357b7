import { formatUuid } from '#kernel';
import { UnreadableLog } from '../../errors.ts';
import { positionOf } from './place.ts';
import type { NewEvent, RecordedEvent } from '../../event-log.port.ts';

/** What is known of an append without reading its events. */
export interface AppendHeader {
  readonly append: number;
  readonly stream: string;
  /** Revision of its first event. */
  readonly first: number;
  /** Number of its events. */
  readonly count: number;
}

const FORMAT = 1;
/** Id (16), type length (2), metadata length (4), data length (4). */
const EVENT_HEAD = 26;
const ID_BYTES = 16;

/**
 * The events of one append as bytes: a format byte, then each event's head, type, metadata and data. Stream,
 * revision and count stand in the row's key (`AppendHeader`).
 */
export function encodeEvents(events: readonly NewEvent[]): Buffer {
  let size = 1;
  for (const { type, metadata, data } of events) {
    size += EVENT_HEAD + Buffer.byteLength(type) + metadata.length + data.length;
  }
  const row = Buffer.allocUnsafe(size);
  row[0] = FORMAT;
  let at = 1;
  for (const { id, type, metadata, data } of events) {
    row.write(id.replaceAll('-', ''), at, 'hex');
    const typeBytes = row.write(type, at + EVENT_HEAD);
    row.writeUInt16LE(typeBytes, at + 16);
    row.writeUInt32LE(metadata.length, at + 18);
    row.writeUInt32LE(data.length, at + 22);
    at += EVENT_HEAD + typeBytes;
    row.set(metadata, at);
    at += metadata.length;
    row.set(data, at);
    at += data.length;
  }
  return row;
}

/** The events of a row from an index on. Their buffers are views of the row. */
export function* decodeEvents(header: AppendHeader, row: Buffer, fromIndex = 0): Generator<RecordedEvent> {
  const { append, stream, first, count } = header;
  let at = startOfEvents(header, row);
  for (let index = 0; index < count; index++) {
    const body = at + EVENT_HEAD;
    const metadataAt = body + row.readUInt16LE(at + 16);
    const dataAt = metadataAt + row.readUInt32LE(at + 18);
    const end = dataAt + row.readUInt32LE(at + 22);
    if (index >= fromIndex) {
      yield {
        id: formatUuid(row.subarray(at, at + ID_BYTES)),
        type: row.toString('utf8', body, metadataAt),
        metadata: row.subarray(metadataAt, dataAt),
        data: row.subarray(dataAt, end),
        stream,
        revision: BigInt(first + index),
        position: positionOf(append, index),
      };
    }
    at = end;
  }
}

function startOfEvents(header: AppendHeader, row: Buffer): number {
  if (row[0] !== FORMAT) {
    throw new UnreadableLog(`append ${header.append} has format ${row[0]}, this version reads ${FORMAT}`);
  }
  return 1;
}

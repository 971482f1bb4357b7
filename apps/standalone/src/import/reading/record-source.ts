import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { checkColumns } from '../mapping/parse-mapping.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { ParquetFile } from './parquet-records.ts';
import type { ReadRecord } from './file-record.ts';
import { readRecords } from './read-records.ts';

/** The records of one file, and how far reading has come. */
export interface RecordSource {
  readonly records: AsyncIterable<ReadRecord>;
  /** Bytes of a text file, rows of a Parquet file. */
  readonly total: number;
  /** Of {@link total}, what has been read. */
  done(): number;
  close(): Promise<void>;
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a file for a mapping. The source, or its first record, throws `MappingInvalid` where the mapping names columns
 * that the file does not have.
 */
export async function openSource(path: string, mapping: Mapping): Promise<RecordSource> {
  const { format, uses } = mapping;
  const check = (columns: readonly string[]): void => checkColumns(uses, columns);
  if (format.kind === 'parquet') return parquetSource(path, check);
  const { size } = await stat(path);
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return {
    records: readRecords(format, stream, check),
    total: size,
    done: () => stream.bytesRead,
    close: async () => void stream.destroy(),
  };
}

async function parquetSource(
  path: string,
  check: (columns: readonly string[]) => void,
): Promise<RecordSource> {
  const file = await ParquetFile.open(path);
  let done = 0;
  try {
    check(file.columns);
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    records: counted(file.records(), (record) => (done = record.line)),
    total: file.rows,
    done: () => done,
    close: () => file.close(),
  };
}

async function* counted(
  records: AsyncIterable<ReadRecord>,
  see: (record: ReadRecord) => void,
): AsyncGenerator<ReadRecord, void, undefined> {
  for await (const record of records) {
    see(record);
    yield record;
  }
}

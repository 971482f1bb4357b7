import { MappingInvalid } from '../errors.ts';
import type { FileFormat, FixedColumn } from '../mapping/mapping.ts';
import { csvScanner } from './csv-record.ts';
import { cutRecords, scanLine } from './cut-records.ts';
import type { Cut } from './cut-records.ts';
import { decodeText } from './decode-text.ts';
import { parseExactJson } from './exact-json.ts';
import type { ReadRecord } from './file-record.ts';

/** Formats whose records are found in a file's bytes as they come. */
export type TextFormat = Exclude<FileFormat, { kind: 'parquet' }>;

type Fields = Record<string, unknown>;

/** A record's fields, or what is wrong with it. */
type Parsed = Fields | string;

/**
 * The records of a file in its order, in constant memory. Empty lines are none.
 *
 * @param onHeader told the names of the columns where the file itself has them, before the first record
 */
export async function* readRecords(
  format: TextFormat,
  chunks: AsyncIterable<Buffer>,
  onHeader: (columns: readonly string[]) => void,
): AsyncGenerator<ReadRecord, void, undefined> {
  const texts = decodeText(chunks, format.encoding);
  switch (format.kind) {
    case 'csv': {
      const rows = cutRecords(texts, csvScanner(format.delimiter, format.quote), format.skip);
      return yield* named(rows, format.columns, onHeader);
    }
    case 'text': {
      const rows = split(cutRecords(texts, scanLine, format.skip), format.separator);
      return yield* named(rows, format.columns, onHeader);
    }
    case 'fixed':
      return yield* parsed(cutRecords(texts, scanLine, format.skip), (line) =>
        fixedFields(line, format.columns),
      );
    case 'ndjson':
      return yield* parsed(cutRecords(texts, scanLine, format.skip), jsonFields);
  }
}

async function* parsed<T>(
  cuts: AsyncIterable<Cut<T>>,
  parse: (value: T) => Parsed,
): AsyncGenerator<ReadRecord, void, undefined> {
  for await (const cut of cuts) {
    if ('reason' in cut) {
      yield { outcome: 'unreadable', line: cut.line, reason: cut.reason, text: cut.text };
      continue;
    }
    if (cut.text.trim() === '') continue;
    const fields = parse(cut.value);
    if (typeof fields === 'string') {
      yield { outcome: 'unreadable', line: cut.line, reason: fields, text: cut.text.trim().slice(0, 1_000) };
    } else yield { outcome: 'read', line: cut.line, fields };
  }
}

async function* named(
  rows: AsyncIterable<Cut<readonly string[]>>,
  columns: 'header' | readonly string[],
  onHeader: (columns: readonly string[]) => void,
): AsyncGenerator<ReadRecord, void, undefined> {
  let names = columns === 'header' ? undefined : columns;
  yield* parsed(
    (async function* () {
      for await (const row of rows) {
        if (names !== undefined || row.text.trim() === '') yield row;
        else onHeader((names = headerOf(row)));
      }
    })(),
    (values) => namedFields(values, names as readonly string[]),
  );
}

function headerOf(row: Cut<readonly string[]>): readonly string[] {
  const wrong = (message: string): MappingInvalid => new MappingInvalid([{ path: 'header', message }]);
  if ('reason' in row) throw wrong(`line ${row.line} of the file ${row.reason}`);
  const names = row.value.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw wrong(`the file has a column "${twice}" twice; skip the line and name columns`);
  return names;
}

/** A row with other than the known number of values has shifted ones: no value of it can be trusted. */
function namedFields(values: readonly string[], names: readonly string[]): Parsed {
  if (values.length !== names.length) return `has ${values.length} values for ${names.length} columns`;
  const fields: Fields = {};
  names.forEach((name, i) => (fields[name] = values[i]));
  return fields;
}

async function* split(
  lines: AsyncIterable<Cut<string>>,
  separator: RegExp | undefined,
): AsyncGenerator<Cut<string[]>, void, undefined> {
  for await (const cut of lines) {
    if ('reason' in cut) yield cut;
    else {
      const values = separator === undefined ? cut.value.trim().split(/\s+/) : cut.value.split(separator);
      yield { ...cut, value: values.map((value) => value.trim()) };
    }
  }
}

function fixedFields(line: string, columns: readonly FixedColumn[]): Parsed {
  const fields: Fields = {};
  for (const { name, start, width } of columns) {
    fields[name] = line.slice(start - 1, width === undefined ? undefined : start - 1 + width).trim();
  }
  return fields;
}

function jsonFields(line: string): Parsed {
  try {
    const value = parseExactJson(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : 'is no JSON object';
  } catch {
    return 'is not JSON';
  }
}

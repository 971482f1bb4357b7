import type { ColumnNames, FileFormat, FixedColumn, TextOptions } from './mapping.ts';
import { Fields, isMap } from './value-check.ts';
import type { Problems } from './value-check.ts';

const KINDS = ['csv', 'ndjson', 'parquet', 'fixed', 'text'] as const;

const TEXT_KEYS = ['encoding', 'skip'];

/** Keys of the mapping file that each format takes besides `format`, `timezone` and `touchpoint`. */
const KEYS: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  csv: [...TEXT_KEYS, 'header', 'columns', 'delimiter', 'quote'],
  text: [...TEXT_KEYS, 'header', 'columns', 'separator'],
  fixed: [...TEXT_KEYS, 'columns'],
  ndjson: TEXT_KEYS,
  parquet: [],
};

/** Reads the part of a mapping that says how records are found; `undefined` if something is wrong with it. */
export function parseFormat(fields: Fields, problems: Problems): FileFormat | undefined {
  const before = problems.found.length;
  const kind = fields.oneOf('format', KINDS);
  if (kind === undefined) return undefined;
  fields.only(['format', 'timezone', 'touchpoint', ...KEYS[kind]], `format ${kind}`);
  if (kind === 'parquet') return { kind };
  const text: TextOptions = { encoding: encodingOf(fields), skip: fields.count('skip', 0) ?? 0 };
  const format = ((): FileFormat | undefined => {
    switch (kind) {
      case 'csv':
        return csvFormat(fields, text);
      case 'text':
        return { kind, ...text, columns: columnNames(fields), separator: separatorOf(fields) };
      case 'fixed':
        return { kind, ...text, columns: fixedColumns(fields, problems) };
      case 'ndjson':
        return { kind, ...text };
    }
  })();
  return problems.found.length === before ? format : undefined;
}

function csvFormat(fields: Fields, text: TextOptions): FileFormat {
  const delimiter = fields.text('delimiter') ?? ',';
  if (/[\r\n]/.test(delimiter)) fields.bad('delimiter', 'must not be a line break');
  const noQuote = fields.value('quote') === false;
  const quote = noQuote ? undefined : (fields.text('quote') ?? '"');
  if (quote !== undefined && quote.length !== 1) fields.bad('quote', 'must be one character, or false');
  if (quote === delimiter) fields.bad('quote', 'must differ from the delimiter');
  return { kind: 'csv', ...text, columns: columnNames(fields), delimiter, quote };
}

function encodingOf(fields: Fields): string {
  const label = fields.text('encoding') ?? 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    fields.bad('encoding', 'is not known; such as utf-8, utf-16le, windows-1254, iso-8859-9');
    return 'utf-8';
  }
}

function columnNames(fields: Fields): ColumnNames {
  const header = fields.flag('header');
  const columns = fields.value('columns');
  if (header === (columns !== undefined)) {
    fields.bad('columns', 'is needed where header is not true, and only there');
    return 'header';
  }
  if (columns === undefined) return 'header';
  if (!Array.isArray(columns) || !columns.every((name) => typeof name === 'string' && name !== '')) {
    fields.bad('columns', 'must be a list of names');
    return 'header';
  }
  const names = columns as string[];
  if (new Set(names).size < names.length) fields.bad('columns', 'has a name twice');
  return names;
}

function separatorOf(fields: Fields): RegExp | undefined {
  const source = fields.text('separator');
  if (source === undefined) return undefined;
  try {
    const separator = new RegExp(source, 'u');
    if (!separator.test('')) return separator;
    fields.bad('separator', 'must not match the empty text');
  } catch {
    fields.bad('separator', 'is not a regular expression');
  }
  return undefined;
}

function fixedColumns(fields: Fields, problems: Problems): FixedColumn[] {
  const columns = fields.value('columns');
  if (!Array.isArray(columns) || columns.length === 0 || !columns.every(isMap)) {
    fields.bad('columns', 'must be a list of { name, start, width }');
    return [];
  }
  const names = new Set<string>();
  return columns.map((column, i) => {
    const of = new Fields(column, `columns[${i}]`, problems);
    of.only(['name', 'start', 'width'], 'a column');
    const name = of.text('name') ?? '';
    if (!of.has('name')) of.bad('name', 'is missing');
    if (!of.has('start')) of.bad('start', 'is missing: the first character, from 1');
    if (names.has(name)) of.bad('name', 'is there twice');
    names.add(name);
    return { name, start: of.count('start', 1) ?? 1, width: of.count('width', 1) };
  });
}

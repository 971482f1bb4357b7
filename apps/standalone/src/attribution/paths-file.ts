import { TemasError } from '#kernel';
import { csvScanner } from '../import/reading/csv-record.ts';

/** A row of a file of paths, as `readPaths` takes it. */
export interface PathRow {
  readonly path: string;
  readonly conversions: number;
  readonly value: number;
  readonly nulls: number;
}

/** Names of columns that are understood, those of the ChannelAttribution package too. */
const COLUMNS: Readonly<Record<keyof PathRow, readonly string[]>> = {
  path: ['path'],
  conversions: ['conversions', 'total_conversions'],
  value: ['value', 'total_conversion_value'],
  nulls: ['nulls', 'total_null'],
};

/**
 * Rows of a CSV with a header; `path` has `>` between its touches, absent columns are 0. The delimiter is the `;`, tab or
 * `,` that stands in the header. Throws where a column is missing or a number is none, naming the line.
 */
export function readPathsFile(text: string): PathRow[] {
  const source = text.replace(/^\uFEFF/, '');
  const header = source.split('\n', 1)[0] as string;
  const delimiter = [';', '\t'].find((sign) => header.includes(sign)) ?? ',';
  const scan = csvScanner(delimiter, '"');
  const records: { readonly line: number; readonly fields: readonly string[] }[] = [];
  for (let at = 0, line = 1; at < source.length;) {
    const record = scan(source, at, true);
    if (record.outcome !== 'record')
      throw new TemasError('CLI.PATHS_FILE', `line ${line} is no record of a CSV`);
    records.push({ line, fields: record.value });
    at = record.end;
    line += record.lines;
  }
  const [first, ...rest] = records;
  const names = (first?.fields ?? []).map((name) => name.trim().toLowerCase());
  const place = (column: keyof PathRow): number => names.findIndex((name) => COLUMNS[column].includes(name));
  if (place('path') < 0) throw new TemasError('CLI.PATHS_FILE', 'the header has no column named path');
  if (place('conversions') < 0)
    throw new TemasError('CLI.PATHS_FILE', 'the header has no column named conversions or total_conversions');
  return rest
    .filter(({ fields }) => fields.some((field) => field.trim() !== ''))
    .map(({ line, fields }) => {
      const number = (column: keyof PathRow): number => {
        const raw = place(column) < 0 ? '0' : (fields[place(column)] ?? '').trim();
        const value = raw === '' ? 0 : Number(raw);
        if (Number.isFinite(value) && value >= 0) return value;
        throw new TemasError('CLI.PATHS_FILE', `line ${line}: ${column} is no number from 0 on`);
      };
      return {
        path: (fields[place('path')] ?? '').trim(),
        conversions: number('conversions'),
        value: number('value'),
        nulls: number('nulls'),
      };
    });
}

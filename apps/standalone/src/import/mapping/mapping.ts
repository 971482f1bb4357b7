/** A column of a fixed-width file. */
export interface FixedColumn {
  readonly name: string;
  /** First character, from 1. */
  readonly start: number;
  /** Characters; absent: to the end of the line. */
  readonly width?: number;
}

/** What every text file has. */
export interface TextOptions {
  /** Label that `TextDecoder` knows. */
  readonly encoding: string;
  /** Physical lines at the start of the file that are not read at all. */
  readonly skip: number;
}

/** Where the names of the columns come from: the first record, or the mapping. */
export type ColumnNames = 'header' | readonly string[];

/** How the records of a file are found. */
export type FileFormat =
  | ({
      readonly kind: 'csv';
      readonly columns: ColumnNames;
      readonly delimiter: string;
      readonly quote: string | undefined;
    } & TextOptions)
  | ({
      readonly kind: 'text';
      readonly columns: ColumnNames;
      /** Absent: runs of white space, those around the line not counted. */
      readonly separator: RegExp | undefined;
    } & TextOptions)
  | ({ readonly kind: 'fixed'; readonly columns: readonly FixedColumn[] } & TextOptions)
  | ({ readonly kind: 'ndjson' } & TextOptions)
  | { readonly kind: 'parquet' };

/** Type that a column's value is turned into. `decimal` stays text: money never becomes a float. */
export type ValueType = 'text' | 'number' | 'decimal' | 'boolean' | 'date' | 'json';

/** `{ from, as, … }`: one column as a value of a type. */
export interface TypedValue {
  readonly from: string;
  readonly as: ValueType;
  /** Pattern of a date; absent: ISO 8601. */
  readonly format?: string;
  /** The decimal sign is a comma, dots between thousands. */
  readonly comma: boolean;
  /** Stands in for an empty value; any JSON. */
  readonly default?: unknown;
  /** An empty text stays an empty text instead of falling away. */
  readonly keepEmpty: boolean;
}

/** A piece of a text with placeholders. `line` and `file` are the record's number and the file's name. */
export type TextPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'line' }
  | { readonly kind: 'file' };

/** A value of the touchpoint, before a record is put in. */
export type Template =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'text'; readonly parts: readonly TextPart[] }
  | { readonly kind: 'typed'; readonly value: TypedValue }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Template])[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] };

/** A column that the touchpoint names, and where in the mapping. */
export interface ColumnUse {
  readonly column: string;
  readonly path: string;
}

/** A mapping file, checked. */
export interface Mapping {
  readonly format: FileFormat;
  /** IANA zone of dates that name none. */
  readonly timezone: string;
  readonly touchpoint: Extract<Template, { kind: 'map' }>;
  readonly uses: readonly ColumnUse[];
  /** The mapping as canonical text: two files that say the same have the same. */
  readonly text: string;
}

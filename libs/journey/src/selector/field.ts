import type { Bindings } from '../query/statement.ts';

/** Columns of `events` that conditions and groupings may name. */
export const COLUMNS = [
  'event',
  'kind',
  'source',
  'channel',
  'campaign',
  'url',
  'path',
  'referrer',
  'user_id',
  'anonymous_id',
] as const;

const DOCUMENTS = ['properties', 'context', 'traits'] as const;

/** A field, taken apart. */
export type FieldPath =
  | { readonly column: (typeof COLUMNS)[number] }
  | { readonly document: (typeof DOCUMENTS)[number]; readonly keys: readonly string[] };

/** Reads a field's name; `undefined` if there is no such field. */
export function parseField(field: string): FieldPath | undefined {
  const column = COLUMNS.find((name) => name === field);
  if (column !== undefined) return { column };
  const [first, ...keys] = field.split('.');
  const document = DOCUMENTS.find((name) => name === first);
  if (document === undefined || keys.length === 0 || keys.includes('')) return undefined;
  return { document, keys };
}

/** What {@link parseField} takes, for messages. */
export const FIELD_RULE = `one of ${COLUMNS.join(', ')}, or a path such as properties.price, context.page.title, traits.plan`;

/** A field of an event in SQL. */
export interface FieldSql {
  /** Its text: a string as it is, everything else as its JSON; empty where absent or `null`. */
  readonly text: string;
  /** True where it has a value. */
  readonly exists: string;
}

/** The SQL of a field that {@link parseField} takes. */
export function fieldSql(bindings: Bindings, field: string): FieldSql {
  const path = parseField(field);
  if (path === undefined) throw new TypeError(`no field: ${field}`);
  if ('column' in path) return { text: `toString(${path.column})`, exists: `${path.column} != ''` };
  const keys = path.keys.map((key) => bindings.bind('String', key)).join(', ');
  const at = `(${path.document}, ${keys})`;
  const text = `multiIf(JSONType${at} = 'String', JSONExtractString${at}, JSONType${at} = 'Null', '', JSONExtractRaw${at})`;
  return { text, exists: `JSONType${at} != 'Null'` };
}

import { parseDocument } from 'yaml';
import { MappingInvalid } from '../errors.ts';
import type { ColumnUse, Mapping, Template } from './mapping.ts';
import { parseFormat } from './parse-format.ts';
import { parseTemplate } from './parse-template.ts';
import { isTimeZone } from './time-zone.ts';
import { Fields, isMap, Problems } from './value-check.ts';

const KINDS = ['track', 'identify', 'page', 'screen', 'group', 'alias'];

/** Kinds of things that happened: without a time of their own they would all have happened now. */
const NEED_TIME = ['track', 'page', 'screen'];

/** Fields of a touchpoint. `sentAt` is not among them: a clock skew of history would shift every time. */
const FIELDS = [
  'type',
  'event',
  'name',
  'category',
  'userId',
  'anonymousId',
  'previousId',
  'groupId',
  'messageId',
  'timestamp',
  'properties',
  'traits',
  'context',
  'integrations',
];

/** Reads a mapping file. Throws {@link MappingInvalid} with everything that is wrong and where. */
export function parseMapping(yaml: string): Mapping {
  const document = parseDocument(yaml, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw new MappingInvalid([{ path: '', message: broken.message.trim() }]);
  const root: unknown = document.toJS({ maxAliasCount: 100 });
  if (!isMap(root))
    throw new MappingInvalid([{ path: '', message: 'must be a map with format and touchpoint' }]);
  const problems = new Problems();
  const fields = new Fields(root, '', problems);
  const format = parseFormat(fields, problems);
  const timezone = fields.text('timezone') ?? 'UTC';
  if (!isTimeZone(timezone)) fields.bad('timezone', 'is not known; such as UTC or Europe/Istanbul');
  const uses: ColumnUse[] = [];
  const touchpoint = parseTouchpoint(fields, uses, problems);
  if (format === undefined || touchpoint === undefined || problems.found.length > 0) {
    throw new MappingInvalid(problems.found);
  }
  const known = 'columns' in format ? namesOf(format.columns) : undefined;
  if (known !== undefined) checkColumns(uses, known);
  return { format, timezone, touchpoint, uses, text: JSON.stringify(root) };
}

/** Throws {@link MappingInvalid} where the touchpoint names a column that the file does not have. */
export function checkColumns(uses: readonly ColumnUse[], columns: readonly string[]): void {
  const missing = uses.filter(
    ({ column }) => !columns.includes(column) && !columns.includes(column.split('.')[0] as string),
  );
  if (missing.length === 0) return;
  const has = `the file has ${columns.join(', ')}`;
  throw new MappingInvalid(
    missing.map(({ column, path }) => ({ path, message: `there is no column "${column}"; ${has}` })),
  );
}

function namesOf(columns: 'header' | readonly (string | { readonly name: string })[]): string[] | undefined {
  if (columns === 'header') return undefined;
  return columns.map((column) => (typeof column === 'string' ? column : column.name));
}

function parseTouchpoint(
  root: Fields,
  uses: ColumnUse[],
  problems: Problems,
): Mapping['touchpoint'] | undefined {
  const value = root.value('touchpoint');
  if (!isMap(value)) {
    root.bad('touchpoint', 'is missing: the touchpoint that a record becomes');
    return undefined;
  }
  const fields = new Fields(value, 'touchpoint', problems);
  fields.only(FIELDS, 'a touchpoint');
  const { type, timestamp } = value;
  if (typeof type !== 'string') fields.bad('type', `is missing: one of ${KINDS.join(', ')}`);
  else if (!type.includes('{') && !KINDS.includes(type))
    fields.bad('type', `must be one of ${KINDS.join(', ')}`);
  else if (timestamp === undefined && (NEED_TIME.includes(type) || type.includes('{'))) {
    fields.bad(
      'timestamp',
      'is missing: when it happened, such as { from: date, as: date, format: "%Y%m%d" }',
    );
  }
  const entries = Object.entries(value).map(([key, inner]): [string, Template] => [
    key,
    parseTemplate(inner, `touchpoint.${key}`, uses, problems),
  ]);
  return { kind: 'map', entries };
}

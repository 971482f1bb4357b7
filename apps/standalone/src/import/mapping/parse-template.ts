import { parseDatePattern } from './date-pattern.ts';
import type { ColumnUse, Template, TextPart, TypedValue, ValueType } from './mapping.ts';
import { Fields, isMap } from './value-check.ts';
import type { Problems, YamlMap } from './value-check.ts';

const TYPES: readonly ValueType[] = ['text', 'number', 'decimal', 'boolean', 'date', 'json'];
const TYPED_KEYS = ['from', 'as', 'format', 'comma', 'default', 'keepEmpty'];

/** Reads the value at `path` of a touchpoint; columns that it names are added to `uses`. */
export function parseTemplate(value: unknown, path: string, uses: ColumnUse[], problems: Problems): Template {
  if (typeof value === 'string') return parseText(value, path, uses, problems);
  if (value === null || typeof value === 'boolean') return { kind: 'constant', value };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'constant', value };
  if (Array.isArray(value)) {
    const items = value.map((item, i) => parseTemplate(item, `${path}[${i}]`, uses, problems));
    return { kind: 'list', items };
  }
  if (!isMap(value)) {
    problems.add(path, 'must be a text, a number, true, false, a list or a map');
    return { kind: 'constant', value: null };
  }
  if (value.from !== undefined && value.as !== undefined) return parseTyped(value, path, uses, problems);
  if (value.from !== undefined && Object.keys(value).every((key) => TYPED_KEYS.includes(key))) {
    problems.add(`${path}.as`, `is missing: one of ${TYPES.join(', ')}`);
  }
  const entries = Object.entries(value).map(([key, inner]): [string, Template] => [
    key,
    parseTemplate(inner, path === '' ? key : `${path}.${key}`, uses, problems),
  ]);
  return { kind: 'map', entries };
}

function parseTyped(map: YamlMap, path: string, uses: ColumnUse[], problems: Problems): Template {
  const fields = new Fields(map, path, problems);
  fields.only(TYPED_KEYS, 'a typed value');
  const as = fields.oneOf('as', TYPES) ?? 'text';
  const format = fields.text('format');
  if (format !== undefined && as !== 'date') fields.bad('format', 'is for as: date');
  if (format !== undefined && parseDatePattern(format) === undefined) {
    fields.bad('format', 'takes %Y %m %d %H %M %S %f %z and other characters as they are, or unix, unix_ms');
  }
  const comma = fields.flag('comma');
  if (comma && as !== 'number' && as !== 'decimal') fields.bad('comma', 'is for as: number and as: decimal');
  const keepEmpty = fields.flag('keepEmpty');
  if (keepEmpty && as !== 'text') fields.bad('keepEmpty', 'is for as: text');
  if (keepEmpty && fields.has('default')) fields.bad('keepEmpty', 'and default exclude each other');
  const from = fields.text('from') ?? '';
  uses.push({ column: from, path: `${path}.from` });
  const value: TypedValue = { from, as, format, comma, keepEmpty, default: fields.value('default') };
  return { kind: 'typed', value };
}

function parseText(text: string, path: string, uses: ColumnUse[], problems: Problems): Template {
  const parts: TextPart[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const sign = text[at] as string;
    if ((sign === '{' || sign === '}') && text[at + 1] === sign) {
      literal += sign;
      at += 2;
    } else if (sign === '{') {
      const end = text.indexOf('}', at);
      const name = end < 0 ? '' : text.slice(at + 1, end).trim();
      if (name === '') {
        problems.add(path, 'has a "{" without "name}"; write {{ for the sign itself');
        return { kind: 'constant', value: text };
      }
      if (literal !== '') parts.push({ kind: 'literal', text: literal });
      literal = '';
      if (name === 'line' || name === 'file') parts.push({ kind: name });
      else {
        parts.push({ kind: 'column', name });
        uses.push({ column: name, path });
      }
      at = end + 1;
    } else if (sign === '}') {
      problems.add(path, 'has a "}" without its "{"; write }} for the sign itself');
      return { kind: 'constant', value: text };
    } else {
      literal += sign;
      at++;
    }
  }
  if (parts.length === 0) return { kind: 'constant', value: literal };
  if (literal !== '') parts.push({ kind: 'literal', text: literal });
  return { kind: 'text', parts };
}

import type { FileRecord } from '../reading/file-record.ts';
import { convertValue, textOf } from './convert-value.ts';
import type { Mapping, Template, TextPart, TypedValue } from './mapping.ts';

/** What a record became: a touchpoint without a message id, or why not. */
export type Rendered =
  | { readonly outcome: 'rendered'; readonly touchpoint: Record<string, unknown> }
  | { readonly outcome: 'refused'; readonly field: string; readonly reason: string };

/** Marks a value that falls away because a column it needs is empty. */
const NOTHING = Symbol('nothing');

/** Puts a record into a mapping's touchpoint. `file` is the name that `{file}` stands for. */
export function render(mapping: Mapping, record: FileRecord, file: string): Rendered {
  const rendering = new Rendering(record, file, mapping.timezone);
  const touchpoint = rendering.map(mapping.touchpoint, '') as Record<string, unknown>;
  if (rendering.fault !== undefined) return { outcome: 'refused', ...rendering.fault };
  const timed = mapping.touchpoint.entries.some(([key]) => key === 'timestamp');
  // Without it the row would be stored as of now, and a repair of the file could not undo that.
  if (timed && touchpoint.timestamp === undefined) {
    return { outcome: 'refused', field: 'timestamp', reason: 'is empty' };
  }
  return { outcome: 'rendered', touchpoint };
}

class Rendering {
  fault: { readonly field: string; readonly reason: string } | undefined;

  constructor(
    private readonly record: FileRecord,
    private readonly file: string,
    private readonly zone: string,
  ) {}

  /** A map without what fell away; maps inside that lost everything fall away too. */
  map({ entries }: Extract<Template, { kind: 'map' }>, path: string): object | typeof NOTHING {
    const result: Record<string, unknown> = {};
    let kept = 0;
    for (const [key, template] of entries) {
      const value = this.#value(template, path === '' ? key : `${path}.${key}`);
      if (value === NOTHING) continue;
      result[key] = value;
      kept++;
    }
    return kept === 0 && entries.length > 0 && path !== '' ? NOTHING : result;
  }

  #value(template: Template, path: string): unknown {
    switch (template.kind) {
      case 'constant':
        return template.value;
      case 'text':
        return this.#text(template.parts);
      case 'typed':
        return this.#typed(template.value, path);
      case 'map':
        return this.map(template, path);
      case 'list':
        return this.#list(template.items, path);
    }
  }

  /** One placeholder alone keeps the type of the record's value. A text with a gap would be a wrong text. */
  #text(parts: readonly TextPart[]): unknown {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return this.#part(first);
    let text = '';
    for (const part of parts) {
      const value = this.#part(part);
      if (value === NOTHING) return NOTHING;
      text += textOf(value);
    }
    return text;
  }

  #part(part: TextPart): unknown {
    switch (part.kind) {
      case 'literal':
        return part.text;
      case 'line':
        return this.record.line;
      case 'file':
        return this.file;
      case 'column':
        return this.#column(part.name);
    }
  }

  #typed(value: TypedValue, path: string): unknown {
    const raw = this.#column(value.from);
    if (raw === NOTHING) return value.default ?? (value.keepEmpty ? '' : NOTHING);
    const answer = convertValue(raw, value, this.zone);
    if (answer.outcome === 'converted') return answer.value;
    this.fault ??= { field: path, reason: `column ${value.from} ${answer.reason}` };
    return NOTHING;
  }

  /** An element of which a part fell away falls away whole: an identifier without its value names nobody. */
  #list(items: readonly Template[], path: string): unknown {
    const values: unknown[] = [];
    items.forEach((item, i) => {
      const value = this.#value(item, `${path}[${i}]`);
      const whole = item.kind !== 'map' || Object.keys(value as object).length === item.entries.length;
      if (value !== NOTHING && whole) values.push(value);
    });
    return values.length === 0 && items.length > 0 ? NOTHING : values;
  }

  /** A column, or what lies inside one: `address.city`. Empty text, null and absence are nothing. */
  #column(name: string): unknown {
    const { fields } = this.record;
    let value = Object.hasOwn(fields, name) ? fields[name] : inside(fields, name.split('.'));
    if (value === undefined || value === null || value === '') value = NOTHING;
    return value;
  }
}

function inside(fields: unknown, steps: readonly string[]): unknown {
  let value = fields;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

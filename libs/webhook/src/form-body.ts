import { parseExactJson } from './exact-json.ts';
import { isObject, without, type JsonObject } from './json.ts';

/** Name and value of a form's field. */
export type FormField = readonly [string, string];

/**
 * The items of a form: an object of its fields, `data[email]` nested as PHP does. A field that holds JSON is parsed;
 * where it is the only one such, an array is split (Mandrill's `mandrill_events`) and an object that stands alone is
 * the item itself (Slack's `payload`). Other fields go along as `envelope`.
 */
export function splitForm(fields: readonly FormField[]): readonly unknown[] {
  const form = formObject(fields);
  const structured = Object.entries(form).filter(([, value]) => value instanceof FromJson);
  const plain = unveiled(form);
  if (structured.length !== 1) return [plain];
  const [name, holder] = structured[0] as [string, FromJson];
  const { json } = holder;
  const rest = without(plain, new Set([name]));
  const alone = Object.keys(rest).length === 0;
  if (Array.isArray(json) && json.every(isObject)) {
    return alone ? json : json.map((event) => ({ ...event, envelope: rest }));
  }
  return alone && isObject(json) ? [json] : [plain];
}

/** Marks what came as JSON inside a field, as opposed to what brackets nested. */
class FromJson {
  constructor(readonly json: unknown) {}
}

function formObject(fields: readonly FormField[]): Record<string, unknown> {
  const form = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of fields) put(form, pathOf(name), fieldValue(value));
  return form;
}

function fieldValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return new FromJson(parseExactJson(text));
  } catch {
    return text;
  }
}

const MOST_BRACKETS = 8;

/** `data[merges][EMAIL]` as names; a name that is not of this shape stays whole. */
function pathOf(name: string): readonly string[] {
  const brackets = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name);
  if (brackets === null) return [name];
  const inner = [...(brackets[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1] ?? '');
  return inner.length > MOST_BRACKETS ? [name] : [brackets[1] ?? '', ...inner];
}

/** A name that comes again, or ends in `[]`, becomes a list. */
function put(form: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const names = path.at(-1) === '' ? path.slice(0, -1) : path;
  let holder = form;
  for (const name of names.slice(0, -1)) {
    const inner = holder[name];
    if (isObject(inner) && !(inner instanceof FromJson)) {
      holder = inner;
      continue;
    }
    const fresh = Object.create(null) as Record<string, unknown>;
    // A scalar of the same name keeps its place beside the members.
    if (inner !== undefined) fresh[''] = inner;
    holder[name] = fresh;
    holder = fresh;
  }
  const last = names.at(-1) ?? '';
  const before = holder[last];
  if (before === undefined) holder[last] = names === path ? value : [value];
  else holder[last] = Array.isArray(before) ? [...(before as unknown[]), value] : [before, value];
}

/** Plain JSON of what `formObject` has built, with members of any name. */
function unveiled(form: JsonObject): JsonObject {
  return plain(form) as JsonObject;
}

function plain(value: unknown): unknown {
  if (value instanceof FromJson) return value.json;
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

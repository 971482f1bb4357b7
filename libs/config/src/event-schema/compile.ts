import { Ajv } from 'ajv';
import type { Format, FuncKeywordDefinition, Options, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import type { JsonSchema } from './event-schema.ts';
import { LinearPattern } from './pattern/linear-pattern.ts';

/** Longest text that can have a format: the expressions of some need time by the square of the length. */
const MAX_FORMATTED = 2_048;

const OPTIONS: Options = {
  strict: false,
  logger: false,
  addUsedSchema: false,
  // Costs more than compiling, and was done when the schema was set.
  validateSchema: false,
  code: {
    regExp: Object.assign((pattern: string) => new LinearPattern(pattern), { code: 'new LinearPattern' }),
  },
};

/** In place of the validator's own, which compares every item with every other. */
const UNIQUE_ITEMS: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: { message: 'must NOT have duplicate items' },
  validate: (wanted: boolean, items: readonly unknown[]) =>
    !wanted || new Set(items.map(canonical)).size === items.length,
};

const engines = new Map<string, Ajv>();

/**
 * A validator of a definition that `judgeDefinition` has passed; `all`: it looks for every violation, not only for
 * the first. Throws where a reference leads nowhere.
 */
export function compile(definition: JsonSchema, { all }: { readonly all: boolean }): ValidateFunction {
  const engine = engineFor(draftOf(definition) ?? '2020-12', all);
  const anonymous = withoutName(definition);
  try {
    return engine.compile(anonymous);
  } finally {
    // The engine's own cache would keep every definition that was ever compiled.
    engine.removeSchema(anonymous);
  }
}

/** Throws, saying where, if a definition is no JSON Schema of its draft. */
export function assertSchema(definition: JsonSchema): void {
  const engine = engineFor(draftOf(definition) ?? '2020-12', false);
  void engine.validateSchema(withoutName(definition), true);
}

/** The name of a definition is of no use here, and could be that of a schema which the engine itself needs. */
function withoutName(definition: JsonSchema): JsonSchema {
  const anonymous: Record<string, unknown> = { ...definition };
  delete anonymous.$id;
  return anonymous;
}

function engineFor(draft: Draft, all: boolean): Ajv {
  const name = `${draft}:${all}`;
  let engine = engines.get(name);
  if (engine === undefined) {
    const options = { ...OPTIONS, allErrors: all };
    engine = draft === '07' ? new Ajv(options) : new Ajv2020(options);
    engine.removeKeyword('uniqueItems');
    engine.addKeyword(UNIQUE_ITEMS);
    addFormats.default(engine);
    limitFormats(engine.formats);
    engines.set(name, engine);
  }
  return engine;
}

function limitFormats(formats: Record<string, Format | undefined>): void {
  for (const [name, format] of Object.entries(formats)) {
    const test = format instanceof RegExp ? (text: string) => format.test(text) : format;
    if (typeof test !== 'function' || name === 'byte') continue;
    formats[name] = (text: string) => text.length <= MAX_FORMATTED && Boolean(test(text));
  }
}

/** One text for values that JSON Schema calls equal. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, child]) => `${JSON.stringify(key)}:${canonical(child)}`).join()}}`;
}

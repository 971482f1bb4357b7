import type { JsonSchema } from './event-schema.ts';

/** A part of a definition that is a schema itself, and where it stands. */
export interface Subschema {
  /** Names from the definition's top. */
  readonly path: readonly string[];
  readonly node: JsonSchema;
}

interface Place {
  readonly path: readonly string[];
  readonly node: unknown;
}

const SINGLE = [
  'additionalProperties',
  'additionalItems',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'items',
];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas', 'dependencies'];
const SHELVES = ['$defs', 'definitions'];

/** Schemas directly inside of a schema that are applied with it. */
export function appliedIn({ path, node }: Subschema): Subschema[] {
  return [
    ...SINGLE.map((key): Place => ({ path: [...path, key], node: node[key] })),
    ...LISTS.flatMap((key) => entriesOf(path, node, key, Array.isArray(node[key]))),
    ...MAPS.flatMap((key) => entriesOf(path, node, key, !Array.isArray(node[key]))),
  ].filter(isSchemaObject);
}

/** Schemas directly inside of a schema that are only there to be referred to. */
export function shelvedIn({ path, node }: Subschema): Subschema[] {
  return SHELVES.flatMap((key) => entriesOf(path, node, key, true)).filter(isSchemaObject);
}

/** Regular expressions of a schema, without those of the schemas inside of it. */
export function patternsIn({ pattern, patternProperties }: JsonSchema): readonly {
  readonly key: 'pattern' | 'patternProperties';
  readonly pattern: string;
}[] {
  const named = typeof patternProperties === 'object' ? Object.keys(patternProperties ?? {}) : [];
  return [
    ...(typeof pattern === 'string' ? [{ key: 'pattern' as const, pattern }] : []),
    ...named.map((name) => ({ key: 'patternProperties' as const, pattern: name })),
  ];
}

/** What a local `$ref` (`#`, `#/$defs/price`) refers to; `undefined` if there is nothing, or no object. */
export function resolveLocal(definition: JsonSchema, ref: string): Subschema | undefined {
  if (ref !== '#' && !ref.startsWith('#/')) return undefined;
  let node: unknown = definition;
  const path: string[] = [];
  for (const segment of ref.split('/').slice(1)) {
    const key = unescapePointer(segment);
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string, unknown>)[key];
    path.push(key);
  }
  const found = { path, node };
  return isSchemaObject(found) ? found : undefined;
}

/** Names that a schema gives properties, anywhere in it. */
export function propertyNames(definition: JsonSchema): ReadonlySet<string> {
  const names = new Set<string>();
  const open: Subschema[] = [{ path: [], node: definition }];
  for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
    const { properties } = schema.node;
    if (typeof properties === 'object' && properties !== null) {
      for (const name of Object.keys(properties)) names.add(name);
    }
    open.push(...appliedIn(schema), ...shelvedIn(schema));
  }
  return names;
}

function entriesOf(path: readonly string[], node: JsonSchema, key: string, wanted: boolean): Place[] {
  const holder = node[key];
  if (!wanted || typeof holder !== 'object' || holder === null) return [];
  return Object.entries(holder).map(([name, child]) => ({
    path: [...path, key, name],
    node: child as unknown,
  }));
}

/** `true` and `false` are schemas too, but there is nothing to see in them. */
function isSchemaObject(found: Place): found is Subschema {
  return typeof found.node === 'object' && found.node !== null && !Array.isArray(found.node);
}

function unescapePointer(segment: string): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // Not escaped as a URI then.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

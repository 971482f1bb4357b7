import { isNamespace } from '#touchpoint';
import { isObject, type JsonObject } from './json.ts';
import { pathProblem } from './path.ts';
import { OWN_FIELD } from './person.ts';
import type { Problem } from './problem.ts';
import { VENDORS, type MappedFields, type SourceMapping } from './source-mapping.ts';

/** A mapping, or everything that is wrong with it. */
export type ParsedMapping =
  | { readonly outcome: 'valid'; readonly mapping: SourceMapping }
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] };

/** Most further identifiers of a mapping. */
export const EXTERNAL_IDS_LIMIT = 20;

const FIELDS: ReadonlySet<string> = new Set<keyof MappedFields>([
  ...(['type', 'event', 'userId', 'anonymousId', 'email', 'phone', 'groupId'] as const),
  ...(['timestamp', 'properties', 'traits', 'externalIds'] as const),
]);

/** Reads a mapping as the API gets it; the name of a vendor is short for an object with it. Unknown members are refused: a misspelt one would be silently without effect. */
export function parseSourceMapping(value: unknown): ParsedMapping {
  if (typeof value === 'string') return parseSourceMapping({ vendor: value });
  if (!isObject(value)) return invalid([{ field: '', message: 'must be an object with a vendor' }]);
  const { vendor, fields } = value;
  const builtIn = VENDORS.find((each) => each === vendor);
  if (builtIn !== undefined) {
    const problems = unknownMembers(value, new Set(['vendor']), '');
    return problems.length > 0 ? invalid(problems) : { outcome: 'valid', mapping: { vendor: builtIn } };
  }
  if (vendor !== 'custom') {
    return invalid([{ field: 'vendor', message: `must be one of ${[...VENDORS, 'custom'].join(', ')}` }]);
  }
  const problems = unknownMembers(value, new Set(['vendor', 'fields']), '');
  if (!isObject(fields))
    return invalid([...problems, { field: 'fields', message: 'must be an object of paths' }]);
  problems.push(...fieldProblems(fields));
  // Copied, so that what is stored shares nothing with what was sent.
  return problems.length > 0
    ? invalid(problems)
    : { outcome: 'valid', mapping: { vendor, fields: structuredClone(fields) } };
}

function invalid(problems: readonly Problem[]): ParsedMapping {
  return { outcome: 'invalid', problems };
}

function unknownMembers(object: JsonObject, known: ReadonlySet<string>, path: string): Problem[] {
  return Object.keys(object)
    .filter((name) => !known.has(name))
    .map((name) => ({ field: `${path}${name}`.slice(0, 100), message: 'is unknown' }));
}

function fieldProblems(fields: JsonObject): readonly Problem[] {
  const problems = unknownMembers(fields, FIELDS, 'fields.');
  for (const [name, path] of Object.entries(fields)) {
    if (!FIELDS.has(name) || name === 'externalIds') continue;
    const message = pathProblem(path);
    if (message !== undefined) problems.push({ field: `fields.${name}`, message });
  }
  if (fields.externalIds !== undefined) problems.push(...externalIdProblems(fields.externalIds));
  return problems;
}

function externalIdProblems(externalIds: unknown): readonly Problem[] {
  const field = 'fields.externalIds';
  if (!isObject(externalIds)) return [{ field, message: 'must be an object: namespace → path' }];
  const entries = Object.entries(externalIds);
  if (entries.length > EXTERNAL_IDS_LIMIT) {
    return [{ field, message: `must have at most ${EXTERNAL_IDS_LIMIT} namespaces` }];
  }
  return entries.flatMap(([namespace, path]) => {
    const at = `${field}.${namespace}`.slice(0, 100);
    if (!isNamespace(namespace))
      return [{ field: at, message: 'must match [a-z0-9_]{1,32} and not be reserved' }];
    if (OWN_FIELD.has(namespace)) return [{ field: at, message: 'has a field of its own' }];
    const message = pathProblem(path);
    return message === undefined ? [] : [{ field: at, message }];
  });
}

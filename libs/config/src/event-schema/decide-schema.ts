import { toJsonBytes } from '#kernel';
import type { Authorship } from '../config-event.ts';
import type { ConfigState } from '../config-state.ts';
import type { Decided, TooMany, UnknownSource } from '../decided.ts';
import { targetKey } from './event-schema.ts';
import type { JsonSchema, SchemaTarget } from './event-schema.ts';

/** Schemas of a workspace at most. */
export const MAX_SCHEMAS = 1_000;

/** Bytes of all the definitions of a workspace, as JSON: they are kept in memory by every process. */
export const MAX_SCHEMAS_BYTES = 8 * 1024 * 1024;

/** There is no schema for the target. */
export interface UnknownSchema {
  readonly outcome: 'unknown_schema';
}

/** The schema of a target, in place of the one that it may have. The definition has been judged before. */
export function decideSet(
  { sources, schemas }: ConfigState,
  target: SchemaTarget,
  definition: JsonSchema,
  by: Authorship,
): Decided<UnknownSource | TooMany> {
  const { kind, event, source } = target;
  if (source !== null && !sources.has(source)) return { refused: { outcome: 'unknown_source' } };
  const key = targetKey(kind, event, source);
  let count = 1;
  let bytes = toJsonBytes(definition).length;
  for (const [other, schema] of schemas) {
    if (other === key) continue;
    count += 1;
    bytes += schema.bytes;
  }
  if (count > MAX_SCHEMAS) return { refused: { outcome: 'too_many', limit: MAX_SCHEMAS, unit: 'schemas' } };
  if (bytes > MAX_SCHEMAS_BYTES) {
    return { refused: { outcome: 'too_many', limit: MAX_SCHEMAS_BYTES, unit: 'bytes' } };
  }
  return { events: [{ type: 'EventSchemaSet', kind, event, source, definition, ...by }] };
}

/** No schema for a target any more. */
export function decideRemove(
  { schemas }: ConfigState,
  { kind, event, source }: SchemaTarget,
  by: Authorship,
): Decided<UnknownSchema> {
  if (!schemas.has(targetKey(kind, event, source))) return { refused: { outcome: 'unknown_schema' } };
  return { events: [{ type: 'EventSchemaRemoved', kind, event, source, ...by }] };
}

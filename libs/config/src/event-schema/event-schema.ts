import type { SourceName } from '#kernel';
import type { TouchpointKind } from '#touchpoint';

/** Kinds whose events can have a schema: those that carry `properties` or `traits`. */
export const SCHEMA_KINDS = [
  'track',
  'page',
  'screen',
  'identify',
  'group',
] as const satisfies readonly TouchpointKind[];

/** A kind whose events can have a schema. */
export type SchemaKind = (typeof SCHEMA_KINDS)[number];

/** Which events a schema is for. */
export interface SchemaTarget {
  readonly kind: SchemaKind;
  /** Name of a track; empty for the other kinds. */
  readonly event: string;
  /** `null`: events of every source that has no schema of its own. */
  readonly source: SourceName | null;
}

/** A JSON Schema document: an object, or `true` and `false` inside of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The template that the events of a target speak. */
export interface EventSchema extends SchemaTarget {
  readonly definition: JsonSchema;
  /** UTF-8 bytes of the definition's JSON. */
  readonly bytes: number;
  /** Ms since 1970 UTC. */
  readonly setAt: number;
}

/** One text per target, for maps. */
export function targetKey(kind: string, event: string, source: string | null): string {
  return `${kind}:${source ?? ''}:${event}`;
}

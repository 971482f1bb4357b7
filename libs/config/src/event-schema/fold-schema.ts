import { toJsonBytes } from '#kernel';
import type { EventSchemaRemoved, EventSchemaSet } from '../config-event.ts';
import { targetKey } from './event-schema.ts';
import type { EventSchema } from './event-schema.ts';

/** Schemas of a workspace by `targetKey`. */
export type Schemas = ReadonlyMap<string, EventSchema>;

/** The schemas after an event. */
export function foldSchema(schemas: Schemas, event: EventSchemaSet | EventSchemaRemoved): Schemas {
  const { kind, event: name, source } = event;
  const after = new Map(schemas);
  const key = targetKey(kind, name, source);
  if (event.type === 'EventSchemaRemoved') after.delete(key);
  else {
    const { definition, at } = event;
    const bytes = toJsonBytes(definition).length;
    after.set(key, { kind, event: name, source, definition, bytes, setAt: at });
  }
  return after;
}

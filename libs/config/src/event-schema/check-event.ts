import type { Payload, TouchpointKind } from '#touchpoint';
import type { ConfigState } from '../config-state.ts';
import { checkerOf } from './checker.ts';
import { targetKey } from './event-schema.ts';
import type { EventSchema } from './event-schema.ts';
import type { Violation } from './violation.ts';

/** What of a touchpoint decides which schema it is held to. */
export interface CheckedEvent {
  readonly workspace: string;
  readonly source: string;
  readonly kind: TouchpointKind;
  /** Name of a track; ignored for other kinds. */
  readonly event: string | undefined;
  readonly payload: Pick<Payload, 'properties' | 'traits'>;
}

const NONE: readonly Violation[] = [];

/**
 * Where an event breaks the schema of its workspace, kind, name and source; empty if it keeps it or has none. At
 * most 10. Never throws, never changes the payload, never names a value or a key that the event brought. `state`
 * is that of the event's workspace.
 */
export function checkEvent(state: ConfigState, checked: CheckedEvent): readonly Violation[] {
  if (state.schemas.size === 0) return NONE;
  const schema = schemaFor(state, checked);
  if (schema === undefined) return NONE;
  const { kind, payload } = checked;
  const part = kind === 'identify' || kind === 'group' ? payload.traits : payload.properties;
  return checkerOf(schema.definition).check(part ?? {});
}

/** The schema that an event is held to: its source's own, else the one for all sources. */
export function schemaFor(
  { schemas }: Pick<ConfigState, 'schemas'>,
  { kind, event, source }: Pick<CheckedEvent, 'kind' | 'event' | 'source'>,
): EventSchema | undefined {
  const name = kind === 'track' ? (event ?? '') : '';
  return schemas.get(targetKey(kind, name, source)) ?? schemas.get(targetKey(kind, name, null));
}

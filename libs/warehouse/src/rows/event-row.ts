import { clickHouseTime, NIL_PROFILE, type Ref } from '#kernel';
import type { Payload } from '#touchpoint';
import type { TouchpointFact } from '#projection';
import { visitOrigin } from './visit-origin.ts';

/**
 * Values of an `events` row in the order of its columns; none for a touchpoint whose key was destroyed, and none for
 * identifiers found later, which nobody did.
 */
export function eventRow(fact: TouchpointFact): unknown[] | undefined {
  const { envelope, position, body, keyRef } = fact.touchpoint;
  if (body === null || envelope.kind === 'derived') return undefined;
  const { payload } = body;
  const context = objectOf(payload.context);
  const page = objectOf(context.page);
  const properties = objectOf(payload.properties);
  const pageText = (name: string): string => {
    const own = envelope.kind === 'page' ? text(properties[name]) : '';
    return own !== '' ? own : text(page[name]);
  };
  const url = pageText('url');
  const origin = visitOrigin(objectOf(context.campaign), url);
  return [
    envelope.workspace,
    envelope.eventId,
    text(payload.messageId),
    position.toString(),
    envelope.source,
    envelope.kind,
    nameOf(payload, properties),
    clickHouseTime(envelope.at),
    clickHouseTime(fact.recordedAt),
    clickHouseTime(envelope.receivedAt),
    envelope.index,
    text(payload.anonymousId),
    text(payload.userId),
    envelope.kind === 'group' ? text(payload.groupId) : '',
    keyRef,
    fact.profileId,
    fact.sessionId ?? NIL_PROFILE,
    text(payload.channel),
    origin.campaign,
    origin.source,
    origin.medium,
    origin.clickId,
    url,
    pageText('path'),
    pageText('referrer'),
    JSON.stringify(properties),
    JSON.stringify(context),
    JSON.stringify(objectOf(payload.traits)),
    envelope.schema,
    payload.flags ?? [],
    fact.touchpoint.machine ? 1 : 0,
    Array.isArray(payload.violations) ? payload.violations.map(String) : [],
    identifiersOf(fact.touchpoint),
    body.trust ?? 'client',
  ];
}

/** The anchor and all else that it names. A webhook item that named nobody is its own anchor. */
function identifiersOf({ anchor, envelope }: TouchpointFact['touchpoint']): Ref[] {
  if (anchor === null) return [];
  return [anchor, ...envelope.refs.flatMap(({ ref }) => (ref === anchor ? [] : ref))];
}

/** Name of the event: `event` of a track, the name of a page or screen. */
function nameOf({ type, event, name }: Payload, properties: Readonly<Record<string, unknown>>): string {
  if (type === 'track') return text(event);
  if (type !== 'page' && type !== 'screen') return '';
  // Jitsu's SDK puts the name of a page among its properties only.
  return text(name) || text(properties.name);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

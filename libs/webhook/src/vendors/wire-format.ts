import { firstTime } from '../item-time.ts';
import { isObject, objectOf, objectsOf, textOf, type JsonObject } from '../json.ts';
import { firstEmail, firstPhone, idOf, OWN_FIELD, type Person } from '../person.ts';
import type { Reading } from '../wire-item.ts';

const KINDS: ReadonlySet<unknown> = new Set(['track', 'identify', 'page', 'screen', 'group', 'alias']);

/**
 * An item that is one of the Segment wire format already, as other customer data platforms forward them to webhooks;
 * `undefined` for all others. It stays what it is: an identify an identify.
 */
export function readWireFormat(item: unknown): Reading | undefined {
  if (!isObject(item) || !isWireItem(item)) return undefined;
  const context = objectOf(item.context);
  const traits = isObject(item.traits) ? item.traits : undefined;
  const contextTraits = objectOf(context.traits);
  return {
    type: textOf(item.type),
    event: textOf(item.event),
    name: textOf(item.name),
    person: personOf(item, { ...contextTraits, ...traits }, context),
    previousId: idOf(item.previousId),
    groupId: idOf(item.groupId),
    timestamp: firstTime(item.timestamp, item.originalTimestamp, item.sentAt),
    properties: objectOf(item.properties),
    traits: traits ?? (item.type === 'identify' ? contextTraits : undefined),
    contextTraits,
    integration: 'Webhook',
    ip: textOf(context.ip),
    userAgent: textOf(context.userAgent),
    locale: textOf(context.locale),
    campaign: objectOf(context.campaign),
    page: objectOf(context.page),
  };
}

/** Named by its kind, by an id of a person, and by what its kind cannot lack. */
function isWireItem(item: JsonObject): boolean {
  if (!KINDS.has(item.type)) return false;
  if (idOf(item.userId) === undefined && idOf(item.anonymousId) === undefined) return false;
  switch (item.type) {
    case 'track':
      return textOf(item.event) !== undefined;
    case 'group':
      return idOf(item.groupId) !== undefined;
    case 'alias':
      return idOf(item.userId) !== undefined && idOf(item.previousId) !== undefined;
    default:
      return true;
  }
}

function personOf(item: JsonObject, traits: JsonObject, context: JsonObject): Person {
  // The traits of a group are those of a company.
  const own = item.type === 'group' ? objectOf(context.traits) : traits;
  return {
    userId: idOf(item.userId),
    anonymousId: idOf(item.anonymousId),
    email: firstEmail(own.email),
    phone: firstPhone(own.phone),
    externalIds: Object.fromEntries(
      objectsOf(context.externalIds).flatMap(({ id, type, collection }) =>
        isFurther(type) && collection !== 'accounts' ? [[type, idOf(id)] as const] : [],
      ),
    ),
  };
}

function isFurther(type: unknown): type is string {
  return typeof type === 'string' && !OWN_FIELD.has(type);
}

import type { Trust } from '#kernel';
import type { Payload, Strength } from './envelope.ts';
import { IdentifierCollector } from './identifier-collector.ts';
import { isObject, type JsonObject } from './json.ts';
import { isNamespace } from './namespaces.ts';
import type { IdentifierReading } from './touchpoint.ts';

/** The top-level fields of an item that name identifiers, as it has them. */
export interface NamedIds {
  readonly userId?: unknown;
  readonly anonymousId?: unknown;
  readonly previousId?: unknown;
}

/**
 * Finds the identifiers of an item (design §6) in a fixed order, on which anchors depend: userId, anonymousId,
 * previousId of an alias, traits (email, phone) of an identify, context.traits (email, phone), context.externalIds in
 * their order, context.device (id, advertisingId, token). The traits of a group are the account's and name nobody.
 *
 * Strength is 2 for everything a `server` source says and for `userId` on identify and alias; 1 for what is
 * declared, a `userId` elsewhere and the `previousId` of an alias included; 0 for what is observed. Guesses at what
 * was meant come last, marked as derived.
 */
export function extractIdentifiers(
  ids: NamedIds,
  payload: Payload,
  trust: Trust,
  reading?: IdentifierReading,
): IdentifierCollector {
  const found = new IdentifierCollector(reading);
  addNamed(found, ids, payload, trust);
  found.addGuesses();
  return found;
}

function addNamed(found: IdentifierCollector, ids: NamedIds, payload: Payload, trust: Trust): void {
  const server = trust === 'server';
  const declared: Strength = server ? 2 : 1;
  const observed: Strength = server ? 2 : 0;
  const { type, traits, context } = payload;

  found.add('user_id', ids.userId, type === 'identify' || type === 'alias' ? 2 : declared, 'userId');
  found.add('anonymous_id', ids.anonymousId, observed, 'anonymousId');
  if (type === 'alias') found.add('anonymous_id', ids.previousId, declared, 'previousId');
  if (type === 'identify' && traits !== undefined) {
    found.add('email', traits.email, declared, 'traits.email');
    found.add('phone', traits.phone, declared, 'traits.phone');
  }
  if (context === undefined) return;
  if (isObject(context.traits)) {
    found.add('email', context.traits.email, declared, 'context.traits.email');
    found.add('phone', context.traits.phone, declared, 'context.traits.phone');
  }
  if (Array.isArray(context.externalIds)) addExternalIds(found, context.externalIds, declared);
  if (isObject(context.device)) addDevice(found, context.device, context.os, observed);
}

/** Names that Segment's own SDKs give namespaces of ours. */
const SEGMENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['ios.idfa', 'idfa'],
  ['android.idfa', 'gaid'],
  ['ios.push_token', 'push_token'],
  ['android.push_token', 'push_token'],
]);

function addExternalIds(found: IdentifierCollector, entries: readonly unknown[], strength: Strength): void {
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    const field = `context.externalIds[${i}]`;
    if (!isObject(entry) || typeof entry.type !== 'string') {
      found.reject(field, 'is no object with id and type');
      continue;
    }
    // An account is no person; without a collection it is one of users, as the specification has it.
    if (entry.collection !== undefined && entry.collection !== null && entry.collection !== 'users') continue;
    const type = entry.type.toLowerCase();
    const namespace = SEGMENT_TYPES.get(type) ?? type;
    if (isNamespace(namespace)) found.add(namespace, entry.id, strength, `${field}.id`);
    else found.reject(`${field}.type`, 'does not match [a-z0-9_]{1,32} or is reserved');
  }
}

function addDevice(found: IdentifierCollector, device: JsonObject, os: unknown, strength: Strength): void {
  found.add('device_id', device.id, strength, 'context.device.id');
  const { advertisingId } = device;
  if (advertisingId !== undefined && advertisingId !== null && advertisingId !== '') {
    const field = 'context.device.advertisingId';
    const namespace = advertisingNamespace(device.type) ?? advertisingNamespace(isObject(os) && os.name);
    if (namespace !== undefined) found.add(namespace, advertisingId, strength, field);
    else found.reject(field, 'needs a context.device.type or context.os.name of iOS or Android');
  }
  found.add('push_token', device.token, strength, 'context.device.token');
}

function advertisingNamespace(system: unknown): string | undefined {
  if (typeof system !== 'string') return undefined;
  switch (system.toLowerCase()) {
    case 'ios':
    case 'ipados':
      return 'idfa';
    case 'android':
      return 'gaid';
    default:
      return undefined;
  }
}

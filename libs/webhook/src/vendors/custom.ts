import { isObject, textOf } from '../json.ts';
import { firstTime } from '../item-time.ts';
import { readPath } from '../path.ts';
import { firstEmail, firstPhone, idOf } from '../person.ts';
import type { MappedFields } from '../source-mapping.ts';
import { NAME_LIMIT } from '../topic.ts';
import type { WebhookItem } from '../webhook-item.ts';
import type { Reading } from '../wire-item.ts';
import { readGeneric } from './generic.ts';

const TYPES = new Set(['track', 'identify', 'page', 'screen', 'group', 'alias']);

/**
 * An item by the paths of its operator; what has no path as `generic` reads it. A path that leads to nothing gives
 * nothing: `generic` does not guess at what the operator has decided.
 */
export function readCustom(fields: MappedFields, webhook: WebhookItem): Reading {
  const { item } = webhook;
  const generic = readGeneric(webhook);
  const at = (path: string): unknown => readPath(item, path);
  const person = {
    ...generic.person,
    ...(fields.userId === undefined ? undefined : { userId: idOf(at(fields.userId)) }),
    ...(fields.anonymousId === undefined ? undefined : { anonymousId: idOf(at(fields.anonymousId)) }),
    ...(fields.email === undefined ? undefined : { email: firstEmail(at(fields.email)) }),
    ...(fields.phone === undefined ? undefined : { phone: firstPhone(at(fields.phone)) }),
    externalIds: {
      ...generic.person.externalIds,
      ...Object.fromEntries(
        Object.entries(fields.externalIds ?? {}).map(([namespace, path]) => [namespace, idOf(at(path))]),
      ),
    },
  };
  const type = fields.type === undefined ? 'track' : (textOf(at(fields.type)) ?? 'track').toLowerCase();
  const traits = fields.traits === undefined ? undefined : at(fields.traits);
  const properties = fields.properties === undefined ? undefined : at(fields.properties);
  return {
    ...generic,
    type: TYPES.has(type) ? type : 'track',
    event: eventOf(fields, at) ?? generic.event,
    person,
    ...(fields.timestamp === undefined ? undefined : { timestamp: firstTime(at(fields.timestamp)) }),
    ...(fields.groupId === undefined ? undefined : { groupId: idOf(at(fields.groupId)) }),
    ...(isObject(traits) ? { traits } : undefined),
    ...(isObject(properties) ? { properties } : undefined),
  };
}

function eventOf(fields: MappedFields, at: (path: string) => unknown): string | undefined {
  return fields.event === undefined ? undefined : textOf(at(fields.event))?.slice(0, NAME_LIMIT);
}

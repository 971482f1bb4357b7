import { isObject, type JsonObject } from '../json.ts';

/** An object and its members by folded name: `user_id`, `userId` and `User-Id` are all `userid`. */
export interface Fields {
  readonly object: JsonObject;
  readonly fields: ReadonlyMap<string, unknown>;
  /** Folded name under which it stands in the object around it; empty for the item itself. */
  readonly name: string;
}

/** Members in which vendors wrap what an event is about. */
const WRAPPERS = new Set([
  ...[
    'data',
    'object',
    'payload',
    'eventdata',
    'formresponse',
    'msg',
    'resource',
    'body',
    'detail',
    'record',
  ],
  ...[
    'entity',
    'item',
    'attributes',
    'content',
    'response',
    'order',
    'subscription',
    'invoice',
    'transaction',
  ],
  ...[
    'payment',
    'conversation',
    'ticket',
    'result',
    'event',
    'msys',
    'messageevent',
    'trackevent',
    'properties',
  ],
  ...['metadata', 'uservariables', 'hidden', 'customdata', 'customfields', 'merges', 'unsubscribeevent'],
  ...['meta', 'datafields', 'current', 'freshdeskwebhook', 'notificationrequestitem', 'additionaldata'],
  // What happened to a mail, by its own name, as Amazon SES has it.
  ...['open', 'click', 'bounce', 'complaint', 'delivery'],
]);

const DEEPEST = 4;
const MOST = 24;

/** The item and the objects that it is wrapped in, outer ones first. Nothing if the item is no object. */
export function bodiesOf(item: unknown): readonly Fields[] {
  if (!isObject(item)) return [];
  const found: Fields[] = [fieldsOf(item, '')];
  for (let i = 0, level = 0; level < DEEPEST && i < found.length; level++) {
    const end = found.length;
    for (; i < end; i++) {
      for (const [name, value] of found[i]?.fields ?? []) {
        if (found.length < MOST && WRAPPERS.has(name) && isObject(value)) found.push(fieldsOf(value, name));
      }
    }
  }
  return found;
}

/** The member of that folded name. */
export function valueOf({ fields }: Fields, name: string): unknown {
  return fields.get(name);
}

/** An object with its members by folded name; of two that fold alike the first. */
export function fieldsOf(object: JsonObject, name: string): Fields {
  const fields = new Map<string, unknown>();
  for (const key of Object.keys(object)) {
    const folded = fold(key);
    if (!fields.has(folded)) fields.set(folded, object[key]);
  }
  return { object, fields, name };
}

function fold(key: string): string {
  return key.length > 64 ? key : key.toLowerCase().replace(/[-_ ]/g, '');
}

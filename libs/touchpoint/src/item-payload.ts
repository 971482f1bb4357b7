import type { Payload, TouchpointKind } from './envelope.ts';
import { isObject, typeName, type JsonObject } from './json.ts';
import { MESSAGE_ID_LIMIT } from './limits.ts';
import type { Arrival, Fault } from './touchpoint.ts';

/** A payload as it comes to be. */
export type Draft = { -readonly [Key in keyof Payload]: Payload[Key] };

/**
 * The item as it will be kept: without the write key, with what its batch brings, ids and names as text, fields that
 * are `null` left out. Every other field stays as it is. A fault refuses the item.
 */
export function draftPayload(
  item: JsonObject,
  kind: TouchpointKind,
  arrival: Arrival,
): { readonly draft: Draft } | { readonly fault: Fault } {
  const draft: Draft = { type: kind };
  for (const key in item) {
    const value = item[key];
    switch (key) {
      // `flags` is what the collector itself notes; from outside it would be a forgery. `__proto__`, assigned, would
      // replace the draft's prototype.
      case 'type':
      case 'writeKey':
      case 'flags':
      case '__proto__':
        break;
      case 'messageId': {
        const fault = takeMessageId(draft, value);
        if (fault !== undefined) return { fault };
        break;
      }
      case 'event':
      case 'name':
      case 'category':
      case 'userId':
      case 'anonymousId':
      case 'previousId':
      case 'groupId':
      case 'channel':
        if (value !== null && value !== undefined) draft[key] = asText(value);
        break;
      case 'properties':
      case 'traits':
      case 'context':
        if (value === null || value === undefined || isEmptyArray(value)) break;
        if (!isObject(value)) {
          const message = `${key} must be an object, it is ${typeName(value)}`;
          return { fault: { code: 'invalid_type', field: key, message } };
        }
        draft[key] = value;
        break;
      default:
        draft[key] = value;
    }
  }
  if (arrival.batch !== undefined) inherit(draft, arrival.batch);
  // RudderStack's browser SDK sends the traits of an identify nowhere else.
  if (kind === 'identify' && draft.traits === undefined && isObject(draft.context?.traits)) {
    draft.traits = draft.context.traits;
  }
  return { draft };
}

/** What PHP writes for an object without members. */
function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Text as it is; numbers and booleans as text; anything else as its JSON, so that nothing sent is lost. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Values that broken clients send in place of every id: taken as ids, they would make all their calls one event. */
const NO_MESSAGE_ID = new Set(['', 'null', 'undefined', 'NaN', '[object Object]']);

function takeMessageId(draft: Draft, value: unknown): Fault | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
    return {
      code: 'invalid_type',
      field: 'messageId',
      message: `messageId must be text, it is ${typeName(value)}`,
    };
  }
  const messageId = typeof value === 'string' ? value : JSON.stringify(value);
  if (messageId.length > MESSAGE_ID_LIMIT) {
    return {
      code: 'message_id_too_long',
      field: 'messageId',
      message: `messageId has ${messageId.length} characters, more than ${MESSAGE_ID_LIMIT}`,
      limit: MESSAGE_ID_LIMIT,
    };
  }
  if (!NO_MESSAGE_ID.has(messageId)) draft.messageId = messageId;
  return undefined;
}

/** Merges what the batch says for all of its items; context by its top-level keys, the item's own win. */
function inherit(draft: Draft, batch: NonNullable<Arrival['batch']>): void {
  if (isObject(batch.context)) {
    draft.context = draft.context === undefined ? batch.context : { ...batch.context, ...draft.context };
  }
  if (batch.integrations !== undefined) draft.integrations ??= batch.integrations;
  if (batch.sentAt !== undefined) draft.sentAt ??= batch.sentAt;
}

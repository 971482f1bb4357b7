import type { Payload } from './envelope.ts';
import { isObject, type JsonObject } from './json.ts';
import { MESSAGE_ID_LIMIT } from './limits.ts';

/** Longer than any messageId, so that a derived key is never a client's. */
const DERIVED = 'derived-from-content:'.padEnd(MESSAGE_ID_LIMIT + 1, '.');

/** Stamped anew on each attempt by the SDKs that retry: what makes a second attempt look like a second touchpoint. */
const PER_ATTEMPT = new Set(['sentAt', '_metadata', 'receivedAt']);

/**
 * What the event id is derived from (design §4): the client's messageId; without one, content and index, if the item
 * has a time that tells two touchpoints of equal content apart; else `undefined`.
 */
export function messageKey(payload: Payload, timeNamed: boolean, index: number): string | undefined {
  if (payload.messageId !== undefined) return payload.messageId;
  if (!timeNamed) return undefined;
  return `${DERIVED}${index}:${canonicalObject(payload, PER_ATTEMPT)}`;
}

const NONE: ReadonlySet<string> = new Set();

/** JSON with the keys of every object in order, so that equal content is equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  return isObject(value) ? canonicalObject(value, NONE) : JSON.stringify(value);
}

function canonicalObject(object: JsonObject, without: ReadonlySet<string>): string {
  let members = '';
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined || without.has(key)) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonical(value)}`;
  }
  return `{${members}}`;
}

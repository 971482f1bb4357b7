import { MESSAGE_ID_LIMIT } from '#touchpoint';
import { isObject } from './json.ts';

/** One item of a delivery, as it is sealed: the vendor's own JSON and what the vendor says of it outside the body. */
export interface WebhookItem {
  readonly item: unknown;
  /** Name of the event, where the vendor gives it in a header or in the address. */
  readonly topic?: string;
}

/** Longer than any messageId of a client, so that the two never meet. */
const PREFIX = 'webhook-content:'.padEnd(MESSAGE_ID_LIMIT + 1, '.');

/**
 * Text that the event id of an item is derived from: its canonical JSON. A vendor's retry brings the same content
 * and so is a duplicate; items that merely share one of the vendor's ids stay apart.
 */
export function contentKey({ item, topic }: WebhookItem): string {
  return `${PREFIX}${canonical(topic ?? null)}${canonical(item)}`;
}

/** JSON with the keys of every object in order, so that equal content is equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}

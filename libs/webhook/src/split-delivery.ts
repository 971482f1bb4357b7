import { parseExactJson } from './exact-json.ts';
import { splitForm } from './form-body.ts';
import { isObject, without, type JsonObject } from './json.ts';
import { parseMultipart } from './multipart-body.ts';
import { topicOf } from './topic.ts';
import type { WebhookItem } from './webhook-item.ts';

/** Most items of one delivery: as many as a batch of the wire format may have. */
export const ITEMS_LIMIT = 2_500;

/** Deepest nesting of an item; the item itself is level 1. */
export const ITEM_DEPTH_LIMIT = 64;

/** A delivery as items, or why it is none. */
export type Split =
  | { readonly outcome: 'items'; readonly items: readonly WebhookItem[] }
  | { readonly outcome: 'refused'; readonly message: string };

/**
 * Splits the decompressed body of a delivery. An array is one item per element, lines of JSON are one per line, a form
 * is an object of its fields, a list of events in an envelope is one per element with the rest as `envelope`; everything else is
 * one item. Numbers that a double would change become text. `query` may name the event as `topic`. Never throws.
 */
export function splitDelivery(
  body: Buffer,
  contentType: string | undefined,
  query?: Readonly<Record<string, unknown>>,
): Split {
  const parsed = parseBody(body, contentType ?? '');
  if (parsed.outcome === 'refused') return parsed;
  const elements = parsed.values.flatMap(unwrapped);
  if (elements.length > ITEMS_LIMIT) {
    return refused(`the delivery has ${elements.length} items, more than ${ITEMS_LIMIT}`);
  }
  if (elements.some((element) => isDeeper(element, ITEM_DEPTH_LIMIT))) {
    return refused(`an item is nested deeper than ${ITEM_DEPTH_LIMIT} levels`);
  }
  const topic = topicOf({}, query);
  const named = topic === undefined ? undefined : { topic };
  return { outcome: 'items', items: elements.map((item) => ({ item, ...named })) };
}

type Parsed =
  | { readonly outcome: 'values'; readonly values: readonly unknown[] }
  | Extract<Split, { readonly outcome: 'refused' }>;

function refused(message: string): Extract<Split, { readonly outcome: 'refused' }> {
  return { outcome: 'refused', message };
}

function parseBody(body: Buffer, contentType: string): Parsed {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  // Parts begin with a boundary; what begins like JSON was sent under the wrong type.
  if (type === 'multipart/form-data' && !/^\s*[[{]/.test(body.toString('latin1', 0, 64))) {
    const form = parseMultipart(body, contentType);
    return form.outcome === 'refused' ? form : { outcome: 'values', values: splitForm(form.fields) };
  }
  const text = decode(body, contentType).trim();
  if (text === '') return refused('the body is empty');
  if (/^[[{"]/.test(text)) return parseJson(text);
  if (type === 'application/x-www-form-urlencoded' || (!type.includes('json') && looksLikeForm(text))) {
    return { outcome: 'values', values: splitForm([...new URLSearchParams(text)]) };
  }
  return text.startsWith('<')
    ? refused('the body is XML or HTML; send JSON or a form')
    : refused('the body is neither JSON nor a form');
}

function parseJson(text: string): Parsed {
  try {
    const value = parseExactJson(text);
    if (Array.isArray(value)) return { outcome: 'values', values: value };
    if (isObject(value)) return { outcome: 'values', values: [value] };
    return refused('the body must be a JSON object or an array of them');
  } catch {
    return parseLines(text);
  }
}

function parseLines(text: string): Parsed {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const values: unknown[] = [];
  for (const line of lines) {
    // Also spares the parsing of a large text that is no JSON at all.
    if (values.length > ITEMS_LIMIT) return refused(`the delivery has more than ${ITEMS_LIMIT} items`);
    try {
      values.push(parseExactJson(line));
    } catch {
      return refused('the body is no valid JSON, and its lines are none either');
    }
  }
  return { outcome: 'values', values };
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

function decode(body: Buffer, contentType: string): string {
  const charset = CHARSET.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

const FORM = /^[\w.%+[\]-]{1,200}=[^\s<>{}]*$/;

/** Name, equals sign, nothing that a form would have escaped. */
function looksLikeForm(text: string): boolean {
  return FORM.test(text);
}

/** Names that an element of a list of events has, and the envelope around it has not. */
const EVENT_NAMES = ['event', 'type', 'event_type', 'eventType', 'event_name', 'metric', 'action', 'name'];

/** Where envelopes keep their events. */
const LISTS = ['events', 'batch', 'data', 'logs', 'notificationItems'];

/** The events of an envelope, only where each of them, and nothing around them, is named. */
function unwrapped(value: unknown): readonly unknown[] {
  if (!isObject(value) || isNamed(value)) return [value];
  const notified = notification(value);
  if (notified !== undefined) return [notified];
  const holder = isObject(value.data) && Array.isArray(value.data.events) ? value.data : value;
  const list = LISTS.find((name) => Array.isArray(holder[name])) ?? '';
  const events: unknown = holder[list];
  if (!Array.isArray(events) || events.length === 0) return [value];
  if (!events.every((event): event is JsonObject => isObject(event) && isNamedInside(event))) return [value];
  const rest = without(holder, new Set([list]));
  const around = holder === value ? rest : { ...without(value, new Set(['data'])), ...rest };
  if (Object.keys(around).length === 0) return events;
  return events.map((event) =>
    'envelope' in event ? { ...event, _envelope: around } : { ...event, envelope: around },
  );
}

/** Amazon SNS puts the JSON of an event into a text. */
function notification({ TopicArn, Message, ...rest }: JsonObject): JsonObject | undefined {
  if (typeof TopicArn !== 'string' || typeof Message !== 'string') return undefined;
  try {
    const message = parseExactJson(Message);
    return isObject(message) ? { ...message, envelope: { TopicArn, ...rest } } : undefined;
  } catch {
    return undefined;
  }
}

/** Some wrap each element once more. */
function isNamedInside(event: JsonObject): boolean {
  if (isNamed(event)) return true;
  const inner = Object.values(event).filter(isObject);
  return inner.length === 1 && inner.some((object) => isNamed(object) || 'eventCode' in object);
}

function isNamed(object: JsonObject): boolean {
  return EVENT_NAMES.some((name) => typeof object[name] === 'string');
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isDeeper(member, levels - 1));
}

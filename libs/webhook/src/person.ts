import { isPlaceholder, IDENTIFIER_LENGTH_LIMIT } from '#touchpoint';
import type { JsonObject } from './json.ts';

/** Who an item is about, as far as it says. */
export interface Person {
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly email?: string;
  readonly phone?: string;
  /** Ids of vendors: namespace → id. */
  readonly externalIds?: Readonly<Record<string, string | undefined>>;
}

/** Namespaces that have a field of their own: a second value would contradict it. */
export const OWN_FIELD: ReadonlySet<string> = new Set(['user_id', 'anonymous_id', 'email', 'phone']);

/** What forms and exports write for "not known", beside what the block list of ingest has. */
const NO_ANSWER = new Set([
  'no response',
  'n/a',
  'na',
  'not available',
  'not set',
  '(not set)',
  'test',
  '-',
  '?',
]);

/** An id as text; `undefined` where it is none: blank, a placeholder, a number that JSON has rounded. */
export function idOf(value: unknown): string | undefined {
  const text =
    typeof value === 'number' && Number.isSafeInteger(value)
      ? String(value)
      : typeof value === 'string'
        ? value.trim()
        : '';
  if (text === '' || text.length > IDENTIFIER_LENGTH_LIMIT) return undefined;
  return isPlaceholder(text) || NO_ANSWER.has(text.toLowerCase()) ? undefined : text;
}

/** The first id among the values. */
export function firstId(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const id = idOf(value);
    if (id !== undefined) return id;
  }
  return undefined;
}

const ONE_ADDRESS = /^[^\s,;<>"()]+@[^\s,;<>"()@]+\.[^\s,;<>"()@]+$/;

/** The first of the values that is exactly one e-mail address: a list of addresses is nobody's. */
export function firstEmail(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    if (typeof value !== 'string' || value.length > 320) continue;
    const text = value.trim();
    if (ONE_ADDRESS.test(text)) return text;
  }
  return undefined;
}

const ONE_NUMBER = /^\+?[\d\s().-]{7,24}$/;

/** The first of the values that is exactly one phone number, without the `whatsapp:` that some put in front. */
export function firstPhone(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const text =
      typeof value === 'number' && Number.isSafeInteger(value)
        ? String(value)
        : typeof value === 'string'
          ? value.trim().replace(/^(?:whatsapp|tel|sms):/i, '')
          : '';
    if (ONE_NUMBER.test(text)) return text;
  }
  return undefined;
}

/** The fields of the wire format that name a person; `traits` are further context traits. */
export function personFields(
  person: Person,
  traits: JsonObject = {},
): { readonly ids: Record<string, unknown>; readonly context: Record<string, unknown> } {
  const { userId, anonymousId, email, phone, externalIds = {} } = person;
  const named = {
    ...traits,
    ...(email === undefined ? undefined : { email }),
    ...(phone === undefined ? undefined : { phone }),
  };
  const external = Object.entries(externalIds).flatMap(([type, id]) =>
    id === undefined ? [] : [{ id, type, collection: 'users', encoding: 'none' }],
  );
  return {
    ids: {
      ...(userId === undefined ? undefined : { userId }),
      ...(anonymousId === undefined ? undefined : { anonymousId }),
    },
    context: {
      ...(Object.keys(named).length === 0 ? undefined : { traits: named }),
      ...(external.length === 0 ? undefined : { externalIds: external }),
    },
  };
}

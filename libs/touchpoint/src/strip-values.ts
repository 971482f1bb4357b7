import type { Payload } from './envelope.ts';
import { isObject } from './json.ts';
import { normaliseIdentifier } from './normalise.ts';

/** An identifier of which nothing may be stored. */
export interface StrippedIdentifier {
  readonly namespace: string;
  /** Canonical value. */
  readonly value: string;
}

/** Fewer digits at the end of a number say nothing of whose it is. */
const TELLING_DIGITS = 9;

/** Keys of an item whose values are identifiers of any kind. */
const KEYS_OF_IDS: ReadonlySet<string> = new Set([
  'userId',
  'anonymousId',
  'previousId',
  'id',
  'advertisingId',
  'token',
]);

/**
 * A payload without the values of identifiers that are suppressed, wherever it has them: fields and list entries that
 * are an address, a number or a national id written in any way, and keys of other kinds where keys are told. A value
 * inside a longer text is not found. The payload itself is not changed.
 */
export function stripValues(payload: Payload, identifiers: readonly StrippedIdentifier[]): Payload {
  return stripped(payload, identifiers.map(testOf)) as Payload;
}

type Test = (key: string, leaf: string | number) => boolean;

function testOf({ namespace, value }: StrippedIdentifier): Test {
  switch (namespace) {
    case 'phone': {
      const digits = value.replace(/\D/g, '');
      return (_key, leaf) => {
        const told = String(leaf).replace(/\D/g, '').replace(/^0+/, '');
        return told.length >= TELLING_DIGITS && (digits.endsWith(told) || told === digits);
      };
    }
    case 'email':
    case 'national_id':
      return (_key, leaf) => isSame(namespace, leaf, value);
    default:
      // A key such as `7` may be a quantity elsewhere.
      return (key, leaf) => KEYS_OF_IDS.has(key) && isSame(namespace, leaf, value);
  }
}

function isSame(namespace: string, leaf: string | number, value: string): boolean {
  const read = normaliseIdentifier(namespace, leaf);
  return read.outcome === 'valid' && read.value === value;
}

function stripped(value: unknown, tests: readonly Test[]): unknown {
  if (Array.isArray(value))
    return value.filter((one) => !isStripped('', one, tests)).map((one) => stripped(one, tests));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => !isStripped(key, one, tests))
      .map(([key, one]) => [key, stripped(one, tests)]),
  );
}

function isStripped(key: string, value: unknown, tests: readonly Test[]): boolean {
  return (typeof value === 'string' || typeof value === 'number') && tests.some((test) => test(key, value));
}

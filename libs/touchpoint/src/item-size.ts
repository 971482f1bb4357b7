import { DEPTH_LIMIT, ITEM_BYTES_LIMIT, PROPERTIES_LIMIT } from './limits.ts';
import type { Fault } from './touchpoint.ts';

/** What a walk over an item has counted. */
export interface Tally {
  /** Never less than the UTF-8 bytes of the JSON walked. */
  bytes: number;
  keys: number;
  tooDeep: boolean;
}

/** Walks an item and what it inherits, no deeper than the limit. */
export function weigh(item: object, inherited: object | undefined): Tally {
  const tally: Tally = { bytes: 0, keys: 0, tooDeep: false };
  walk(item, 1, tally);
  if (inherited !== undefined) walk(inherited, 1, tally);
  return tally;
}

/** What makes an item unfit to be handled at all: its depth or its number of keys. */
export function shapeFault(tally: Tally): Fault | undefined {
  if (tally.tooDeep) {
    return {
      code: 'too_deep',
      field: '',
      message: `the item is nested deeper than ${DEPTH_LIMIT} levels`,
      limit: DEPTH_LIMIT,
    };
  }
  if (tally.keys > PROPERTIES_LIMIT) {
    return {
      code: 'too_many_properties',
      field: '',
      message: `the item has ${tally.keys} keys, more than ${PROPERTIES_LIMIT}`,
      limit: PROPERTIES_LIMIT,
    };
  }
  return undefined;
}

/** Checks the bytes of a payload. Only one that no bound proves small is written out to be measured. */
export function bytesFault(
  payload: object,
  tally: Tally,
  knownBound = Number.POSITIVE_INFINITY,
): Fault | undefined {
  if (Math.min(tally.bytes, knownBound) <= ITEM_BYTES_LIMIT) return undefined;
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  if (bytes <= ITEM_BYTES_LIMIT) return undefined;
  return {
    code: 'item_too_large',
    field: '',
    message: `the item has ${bytes} bytes with what its batch brings, more than ${ITEM_BYTES_LIMIT}`,
    limit: ITEM_BYTES_LIMIT,
  };
}

/** JSON writes one UTF-16 code unit in at most six bytes (`\u0000`), one more where an id is JSON inside JSON. */
const BYTES_PER_UNIT = 7;
/** The longest number, `-2.2250738585072014e-308`, and its comma. */
const NUMBER_BYTES = 25;
/** Escaped quotes, colon and comma of a member; more than the comma of an element or the braces of a container. */
const MEMBER_BYTES = 6;

function walk(node: object, depth: number, tally: Tally): void {
  if (depth > DEPTH_LIMIT) {
    tally.tooDeep = true;
    return;
  }
  tally.bytes += MEMBER_BYTES;
  if (Array.isArray(node)) {
    for (const element of node) add(element, depth, tally);
    return;
  }
  for (const key in node) {
    tally.keys++;
    tally.bytes += BYTES_PER_UNIT * key.length + MEMBER_BYTES;
    add((node as Record<string, unknown>)[key], depth, tally);
  }
}

function add(value: unknown, depth: number, tally: Tally): void {
  if (typeof value === 'string') tally.bytes += BYTES_PER_UNIT * value.length + MEMBER_BYTES;
  else if (typeof value === 'object' && value !== null) walk(value, depth + 1, tally);
  else tally.bytes += NUMBER_BYTES;
}

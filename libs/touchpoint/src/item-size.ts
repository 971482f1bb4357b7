import { DEPTH_LIMIT } from './limits.ts';
import type { Fault } from './touchpoint.ts';

/** What a walk over JSON has counted. */
interface Tally {
  /** Never less than the UTF-8 bytes of the JSON walked. */
  most: number;
  /** Never more than that. */
  least: number;
  /** Bytes beyond which the walk ends. */
  readonly giveUp: number;
  tooDeep: boolean;
}

/** What is known of an item's size before it is written out. */
export type Weight =
  | { readonly outcome: 'bounded'; readonly mostBytes: number }
  | { readonly outcome: 'refused'; readonly fault: Fault };

/**
 * Bounds the bytes of an item and what it inherits by walking them. Refuses what is too deep, and gives up on what is
 * far too large, so that a batch's huge context is not walked to its end for each item.
 */
export function weigh(item: object, inherited: object | undefined, limit: number): Weight {
  let mostBytes = 0;
  for (const part of [item, inherited]) {
    if (part === undefined) continue;
    const tally: Tally = { most: 0, least: 0, giveUp: GIVE_UP_FACTOR * limit, tooDeep: false };
    walk(part, 1, tally);
    if (tally.tooDeep) return { outcome: 'refused', fault: TOO_DEEP };
    if (tally.least > tally.giveUp) return { outcome: 'refused', fault: tooLarge(limit) };
    mostBytes += tally.most;
  }
  return { outcome: 'bounded', mostBytes };
}

/** True if a payload's JSON is too long; written out to be measured only if `mostBytes` does not prove it short. */
export function isTooLarge(payload: object, mostBytes: number, limit: number): boolean {
  return mostBytes > limit && Buffer.byteLength(JSON.stringify(payload)) > limit;
}

/** The fault of an item beyond the limit of bytes. */
export function tooLarge(limit: number): Fault {
  return {
    code: 'item_too_large',
    field: '',
    message: `the item has more than ${limit} bytes of JSON with what its batch brings`,
    limit,
  };
}

const TOO_DEEP: Fault = {
  code: 'too_deep',
  field: '',
  message: `the item is nested deeper than ${DEPTH_LIMIT} levels`,
  limit: DEPTH_LIMIT,
};

/** Leaves room for what is not kept, such as a write key, and for batch context that an item replaces. */
const GIVE_UP_FACTOR = 2;
/** JSON writes one UTF-16 code unit in at most six bytes (`\u0000`), one more where an id is JSON inside JSON. */
const MOST_PER_UNIT = 7;
/** The longest number, `-2.2250738585072014e-308`, and its comma. */
const MOST_PER_NUMBER = 25;
/** Escaped quotes, colon and comma of a member; more than the comma of an element or the braces of a container. */
const MOST_PER_MEMBER = 6;

function walk(node: object, depth: number, tally: Tally): void {
  if (depth > DEPTH_LIMIT) {
    tally.tooDeep = true;
    return;
  }
  tally.most += MOST_PER_MEMBER;
  tally.least += 2;
  if (Array.isArray(node)) {
    for (let i = 0; i < node.length && tally.least <= tally.giveUp; i++) add(node[i], depth, tally);
    return;
  }
  for (const key in node) {
    if (tally.least > tally.giveUp) return;
    tally.most += MOST_PER_UNIT * key.length + MOST_PER_MEMBER;
    tally.least += key.length + 3;
    add((node as Record<string, unknown>)[key], depth, tally);
  }
}

function add(value: unknown, depth: number, tally: Tally): void {
  if (typeof value === 'string') {
    tally.most += MOST_PER_UNIT * value.length + MOST_PER_MEMBER;
    tally.least += value.length + 2;
  } else if (typeof value === 'object' && value !== null) walk(value, depth + 1, tally);
  else {
    tally.most += MOST_PER_NUMBER;
    tally.least += 1;
  }
}

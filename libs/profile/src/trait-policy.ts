import { compareText, type SourceName } from '#kernel';
import type { TraitPolicies, TraitPolicy } from '#identity';
import { compareRegisters, newest, type Register } from './register.ts';

/** Items of one trait that a union keeps: the first ones in their order. */
export const UNION_MAX = 200;

/** The policy of a trait. */
export function policyOf(policies: TraitPolicies, name: string): TraitPolicy {
  return Object.hasOwn(policies, name) ? (policies[name] as TraitPolicy) : 'latest';
}

/**
 * Joins two words on a trait. Commutative, associative and idempotent for each policy, so that neither order nor
 * repetition nor merges matter. Time, source and event are those of one of the two.
 */
export function joinWords(policy: TraitPolicy, a: Register | undefined, b: Register): Register {
  if (policy === 'latest') return newest(a, b);
  if (policy === 'union') return a === undefined ? asUnion(b) : united(asUnion(a), asUnion(b));
  if (a === undefined) return b;
  return compareBy(policy, a, b) < 0 ? b : a;
}

/** Negative if the second word stands. Words that take a trait away stand only where nothing else is said. */
function compareBy(policy: Exclude<TraitPolicy, 'latest' | 'union'>, a: Register, b: Register): number {
  if (typeof policy === 'object') {
    return placeOf(policy.sources, b) - placeOf(policy.sources, a) || compareRegisters(a, b);
  }
  const present = Number(a.value !== null) - Number(b.value !== null);
  if (present !== 0) return present;
  if (policy === 'first') return compareRegisters(b, a);
  return compareNumbers(policy, a.value, b.value) || compareRegisters(a, b);
}

function placeOf(sources: readonly SourceName[], { source }: Register): number {
  const place = sources.indexOf(source);
  return place < 0 ? sources.length : place;
}

/** What is no number loses to what is one. */
function compareNumbers(policy: 'max' | 'min', a: unknown, b: unknown): number {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (x === undefined || y === undefined) return Number(x !== undefined) - Number(y !== undefined);
  return policy === 'max' ? x - y : y - x;
}

function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function asUnion(word: Register): Register {
  return word.value === null || word.value === undefined
    ? { ...word, value: null }
    : { ...word, value: itemsOf(Array.isArray(word.value) ? word.value : [word.value]) };
}

function united(a: Register, b: Register): Register {
  const meta = newest(a, b);
  if (a.value === null || b.value === null) return { ...meta, value: a.value ?? b.value };
  return { ...meta, value: itemsOf([...(a.value as unknown[]), ...(b.value as unknown[])]) };
}

/** Each item once, in the order of their JSON. */
function itemsOf(items: readonly unknown[]): unknown[] {
  const byText = new Map(items.map((item) => [JSON.stringify(item), item] as const));
  return [...byText]
    .sort(([a], [b]) => compareText(a, b))
    .slice(0, UNION_MAX)
    .map(([, item]) => item);
}

import type { Ref } from '#kernel';
import { isNamespace, type NamespaceClass } from '#touchpoint';
import type { NamespaceChange, RuleChanges } from './rule-changes.ts';
import type { TraitPolicy } from './trait-policy.ts';

/** What is wrong with one field of rules. Never holds the value. */
export interface RuleProblem {
  /** JSON path, `changes.namespaces.email.limit`. */
  readonly field: string;
  readonly message: string;
  /** The limit that was passed, in the unit that `message` names. */
  readonly limit?: number;
}

/** Rules that may be published, or what is wrong with them. */
export type RuleJudgement =
  | { readonly outcome: 'valid'; readonly changes: RuleChanges }
  | { readonly outcome: 'invalid'; readonly problems: readonly RuleProblem[] };

/** Identifiers that rules may block: each is held by every fold, and stands in every later version. */
export const MAX_BLOCKED = 1_000;

const MAX_NAMESPACES = 200;
const CLASSES: readonly unknown[] = ['unique', 'contact', 'device'] satisfies readonly NamespaceClass[];
const POLICIES: readonly unknown[] = ['earliest', 'latest'];
const REF = /^[1-9]\d{0,18}$/;

/** A row of a profile is rewritten whenever the profile grows: 5,000 members are some 200 KB. */
const MAX_MEMBERS: Bounds = [2, 5_000];
const LIMIT: Bounds = [1, 10_000];
/** The people of an identifier stand in its row until there are too many. */
const QUARANTINE_AT: Bounds = [1, 1_000];
/** A recompute reads all co-observations of an identifier that is no flood. */
const FLOOD_AT: Bounds = [10, 20_000];

const MAX_TRAITS = 200;
const MAX_SOURCES = 50;
const SOURCE = /^[a-z0-9_]{1,32}$/;
const TRAIT_POLICIES: readonly unknown[] = [
  'latest',
  'first',
  'max',
  'min',
  'union',
] satisfies readonly TraitPolicy[];

type Bounds = readonly [least: number, most: number];
type Problems = RuleProblem[];

/** Judges what somebody wants the rules to be. */
export function judgeRuleChanges(given: unknown): RuleJudgement {
  const problems: Problems = [];
  const path = 'changes';
  if (!isObject(given))
    return { outcome: 'invalid', problems: [{ field: path, message: 'must be an object' }] };
  onlyFields(given, path, ['namespaces', 'maxMembers', 'floodAt', 'blocked', 'traits'], problems);
  judgeNamespaces(given.namespaces, `${path}.namespaces`, problems);
  judgeCount(given.maxMembers, `${path}.maxMembers`, MAX_MEMBERS, problems);
  judgeFloods(given.floodAt, `${path}.floodAt`, problems);
  judgeBlocked(given.blocked, `${path}.blocked`, problems);
  judgeTraits(given.traits, `${path}.traits`, problems);
  if (problems.length > 0) return { outcome: 'invalid', problems };
  const changes = given as RuleChanges;
  const blocked = changes.blocked === undefined ? {} : { blocked: [...new Set<Ref>(changes.blocked)] };
  return { outcome: 'valid', changes: { ...changes, ...blocked } };
}

function judgeNamespaces(given: unknown, path: string, problems: Problems): void {
  if (given === undefined) return;
  if (!isObject(given)) {
    problems.push({ field: path, message: 'must be an object of namespaces' });
    return;
  }
  const entries = Object.entries(given);
  if (entries.length > MAX_NAMESPACES) {
    const message = `has more than ${MAX_NAMESPACES} namespaces`;
    problems.push({ field: path, message, limit: MAX_NAMESPACES });
    return;
  }
  for (const [ns, change] of entries) {
    if (isNamespace(ns)) judgeNamespace(change, `${path}.${ns}`, problems);
    else
      problems.push({
        field: path,
        message: 'has a name that is no namespace: [a-z0-9_]{1,32}, none of Temas’ own',
      });
  }
}

function judgeNamespace(given: unknown, path: string, problems: Problems): void {
  if (!isObject(given)) {
    problems.push({ field: path, message: 'must be an object' });
    return;
  }
  const known: readonly (keyof NamespaceChange)[] = ['class', 'limit', 'quarantineAt', 'conflictPolicy'];
  onlyFields(given, path, known, problems);
  const { class: kind, limit, quarantineAt, conflictPolicy } = given;
  judgeChoice(kind, `${path}.class`, CLASSES, problems);
  judgeCount(limit, `${path}.limit`, LIMIT, problems);
  if (quarantineAt !== null)
    judgeCount(quarantineAt, `${path}.quarantineAt`, QUARANTINE_AT, problems, ', or null for never');
  judgeChoice(conflictPolicy, `${path}.conflictPolicy`, POLICIES, problems);
}

function judgeFloods(given: unknown, path: string, problems: Problems): void {
  if (given === undefined) return;
  if (!isObject(given)) {
    problems.push({ field: path, message: 'must be an object of classes' });
    return;
  }
  onlyFields(given, path, CLASSES, problems);
  for (const kind of CLASSES as readonly string[])
    judgeCount(given[kind], `${path}.${kind}`, FLOOD_AT, problems);
}

function judgeBlocked(given: unknown, path: string, problems: Problems): void {
  if (given === undefined) return;
  if (!Array.isArray(given)) {
    problems.push({ field: path, message: 'must be an array' });
    return;
  }
  if (given.length > MAX_BLOCKED) {
    problems.push({ field: path, message: `has more than ${MAX_BLOCKED} identifiers`, limit: MAX_BLOCKED });
    return;
  }
  given.forEach((ref: unknown, i) => {
    if (typeof ref === 'string' && REF.test(ref)) return;
    problems.push({ field: `${path}[${i}]`, message: 'must name an identifier' });
  });
}

function judgeTraits(given: unknown, path: string, problems: Problems): void {
  if (given === undefined) return;
  if (!isObject(given)) {
    problems.push({ field: path, message: 'must be an object of traits' });
    return;
  }
  const entries = Object.entries(given);
  if (entries.length > MAX_TRAITS)
    problems.push({ field: path, message: `has more than ${MAX_TRAITS} traits`, limit: MAX_TRAITS });
  for (const [name, policy] of entries.slice(0, MAX_TRAITS)) {
    if (isObject(policy) ? !isSourceOrder(policy) : !TRAIT_POLICIES.includes(policy)) {
      const message = `must be one of ${TRAIT_POLICIES.join(', ')}, or {"sources": [1 to ${MAX_SOURCES} source names]}`;
      problems.push({ field: `${path}.${name.slice(0, 64)}`, message });
    }
  }
}

function isSourceOrder({ sources, ...rest }: Readonly<Record<string, unknown>>): boolean {
  const isNames =
    Array.isArray(sources) && sources.every((one) => typeof one === 'string' && SOURCE.test(one));
  return isNames && sources.length > 0 && sources.length <= MAX_SOURCES && Object.keys(rest).length === 0;
}

function judgeCount(given: unknown, field: string, [least, most]: Bounds, problems: Problems, or = ''): void {
  if (given === undefined) return;
  if (Number.isInteger(given) && (given as number) >= least && (given as number) <= most) return;
  const limit = typeof given === 'number' && given < least ? least : most;
  problems.push({ field, message: `must be a whole number from ${least} to ${most}${or}`, limit });
}

function judgeChoice(given: unknown, field: string, choices: readonly unknown[], problems: Problems): void {
  if (given === undefined || choices.includes(given)) return;
  problems.push({ field, message: `must be one of ${choices.join(', ')}` });
}

function onlyFields(
  given: Readonly<Record<string, unknown>>,
  path: string,
  known: readonly unknown[],
  problems: Problems,
): void {
  if (Object.keys(given).every((name) => known.includes(name))) return;
  problems.push({ field: path, message: `has a field that is none of ${known.join(', ')}` });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { AttributionPath } from '#analytics';

/** Paths that a question may bring along. */
export const MAX_GIVEN_PATHS = 200_000;

/** Touches of one path at most. */
export const MAX_TOUCHES = 10_000;

/** What is wrong with a place of the input. Never holds the value. */
export interface PathProblem {
  /** JSON path, such as `paths[3].conversions`. */
  readonly field: string;
  readonly message: string;
}

/** Paths as somebody gives them, or why they cannot be taken: the first problems, ten at most. */
export type ReadPaths =
  | { readonly outcome: 'read'; readonly paths: readonly AttributionPath[] }
  | { readonly outcome: 'invalid'; readonly problems: readonly PathProblem[] };

const MOST_PROBLEMS = 10;

/**
 * Reads `[{path, conversions, value, nulls, ageDays}]`. A `path` is a list of names or a text with `>` between them; counts
 * and value are numbers from 0 on, 0 where absent; `ageDays` tells how many days each touch was before the conversion.
 */
export function readPaths(raw: unknown): ReadPaths {
  if (!Array.isArray(raw))
    return { outcome: 'invalid', problems: [{ field: 'paths', message: 'must be a list' }] };
  if (raw.length > MAX_GIVEN_PATHS) {
    const message = `must hold at most ${MAX_GIVEN_PATHS} paths; it holds ${raw.length}`;
    return { outcome: 'invalid', problems: [{ field: 'paths', message }] };
  }
  const problems: PathProblem[] = [];
  const paths: AttributionPath[] = [];
  for (const [i, one] of (raw as unknown[]).entries()) {
    const read = readPath(one, `paths[${i}]`, problems);
    if (read !== undefined) paths.push(read);
    if (problems.length >= MOST_PROBLEMS) break;
  }
  return problems.length > 0 ? { outcome: 'invalid', problems } : { outcome: 'read', paths };
}

const KNOWN = new Set(['path', 'conversions', 'value', 'nulls', 'ageDays']);

function readPath(raw: unknown, at: string, problems: PathProblem[]): AttributionPath | undefined {
  const before = problems.length;
  const refuse = (field: string, message: string): void => void problems.push({ field, message });
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    refuse(at, 'must be an object with path, conversions, value, nulls');
    return undefined;
  }
  const given = raw as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given))
    if (!KNOWN.has(name)) refuse(`${at}.${name}`, 'is no field of a path');
  const touches = touchesOf(given.path);
  if (touches === undefined) refuse(`${at}.path`, 'must be a list of names or a text such as "a > b"');
  else if (touches.length > MAX_TOUCHES) refuse(`${at}.path`, `must have at most ${MAX_TOUCHES} touches`);
  const number = (name: string): number => {
    const value = given[name] ?? 0;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    refuse(`${at}.${name}`, 'must be a number from 0 on');
    return 0;
  };
  const [conversions, value, nulls] = [number('conversions'), number('value'), number('nulls')];
  const ages: unknown = given.ageDays;
  if (ages !== undefined && !(Array.isArray(ages) && ages.length === touches?.length && ages.every(isAge)))
    refuse(`${at}.ageDays`, 'must hold a number from 0 on for each touch');
  if (problems.length > before) return undefined;
  const aged = ages === undefined ? {} : { ageDays: ages as number[] };
  return { touches: touches ?? [], conversions, value, nulls, ...aged };
}

function touchesOf(path: unknown): string[] | undefined {
  const names = typeof path === 'string' ? path.split('>').map((name) => name.trim()) : path;
  if (!Array.isArray(names)) return undefined;
  if (!names.every((name) => typeof name === 'string' && name !== '')) return undefined;
  return names as string[];
}

function isAge(age: unknown): boolean {
  return typeof age === 'number' && Number.isFinite(age) && age >= 0;
}

import { isCountry } from '#repair';
import { parseSignatureScheme, parseSourceMapping } from '#webhook';
import type { GivenSettings } from '../config-desk.ts';
import type { FieldProblem } from '../problem.ts';

/** Highest and lowest rate limit, in events per second. */
export const RATE_LIMITS = { min: 0.01, max: 1_000_000 } as const;

/** Longest secret of webhooks, in characters: a public key in PEM fits. */
export const MAX_SECRET_LENGTH = 4_096;

/** Settings of a source as the API gets them. */
export interface RawSettings {
  readonly rateLimit?: unknown;
  readonly onViolation?: unknown;
  readonly country?: unknown;
  readonly mapping?: unknown;
  readonly signature?: unknown;
}

/** Settings, or everything that is wrong with them. */
export type ParsedSettings =
  | { readonly outcome: 'valid'; readonly settings: GivenSettings }
  | { readonly outcome: 'invalid'; readonly problems: readonly FieldProblem[] };

type Part<T> = { readonly value: T } | { readonly problems: readonly FieldProblem[] };

/** Reads settings. What is absent is absent in the answer; `null` takes a limit, a mapping or a signature away. */
export function parseSettings(raw: RawSettings): ParsedSettings {
  const problems: FieldProblem[] = [];
  const read = <T>(value: unknown, parse: (value: unknown) => Part<T>): T | undefined => {
    if (value === undefined) return undefined;
    const part = parse(value);
    if ('value' in part) return part.value;
    problems.push(...part.problems);
    return undefined;
  };
  const rateLimit = read(raw.rateLimit, parseRateLimit);
  const onViolation = read(raw.onViolation, parseOnViolation);
  const country = read(raw.country, parseCountry);
  const mapping = read(raw.mapping, parseMapping);
  const signature = read(raw.signature, parseSignature);
  if (problems.length > 0) return { outcome: 'invalid', problems };
  const settings = {
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(onViolation === undefined ? {} : { onViolation }),
    ...(country === undefined ? {} : { country }),
    ...(mapping === undefined ? {} : { mapping }),
    ...(signature === undefined ? {} : { signature }),
  };
  return { outcome: 'valid', settings };
}

function parseRateLimit(value: unknown): Part<NonNullable<GivenSettings['rateLimit']> | null> {
  const { min, max } = RATE_LIMITS;
  if (value === null || (typeof value === 'number' && value >= min && value <= max)) return { value };
  return wrong('rateLimit', `must be null or events per second from ${min} to ${max}`, max);
}

function parseOnViolation(value: unknown): Part<NonNullable<GivenSettings['onViolation']>> {
  return value === 'keep' || value === 'refuse' ? { value } : wrong('onViolation', 'must be keep or refuse');
}

function parseCountry(value: unknown): Part<string> {
  if (typeof value === 'string' && isCountry(value)) return { value };
  return wrong('country', 'must be a country as two capital letters, such as TR');
}

function parseMapping(value: unknown): Part<NonNullable<GivenSettings['mapping']> | null> {
  if (value === null) return { value };
  const parsed = parseSourceMapping(value);
  return parsed.outcome === 'valid'
    ? { value: parsed.mapping }
    : { problems: parsed.problems.map((problem) => inside('mapping', problem)) };
}

function parseSignature(value: unknown): Part<NonNullable<GivenSettings['signature']> | null> {
  if (value === null) return { value };
  if (typeof value !== 'object' || Array.isArray(value)) {
    return wrong('signature', 'must be null or an object of scheme and secret');
  }
  const { scheme, secret, ...rest } = value as Record<string, unknown>;
  const problems: FieldProblem[] = Object.keys(rest).map((name) => ({
    field: `signature.${name.slice(0, 100)}`,
    message: 'is unknown',
  }));
  const parsed = parseSignatureScheme(scheme);
  if (parsed.outcome === 'invalid') {
    problems.push(...parsed.problems.map((problem) => inside('signature.scheme', problem)));
  }
  if (typeof secret !== 'string' || secret.length < 1 || secret.length > MAX_SECRET_LENGTH) {
    const message = `must be text of 1 to ${MAX_SECRET_LENGTH} characters`;
    problems.push({ field: 'signature.secret', message, limit: MAX_SECRET_LENGTH });
  } else if (parsed.outcome === 'valid' && problems.length === 0) {
    return { value: { scheme: parsed.scheme, secret } };
  }
  return { problems };
}

function wrong(field: string, message: string, limit?: number): { problems: FieldProblem[] } {
  return { problems: [{ field, message, ...(limit === undefined ? {} : { limit }) }] };
}

function inside(outer: string, { field, message }: FieldProblem): FieldProblem {
  return { field: field === '' ? outer : `${outer}.${field}`, message };
}

import type { TouchpointKind } from '#touchpoint';

/** What a value of a condition can be. */
export type Scalar = string | number | boolean;

/** How a condition compares. `ne`, `not_in` and `not_contains` hold for an absent value. */
export const OPERATORS = [
  'eq',
  'ne',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'gt',
  'gte',
  'lt',
  'lte',
  'exists',
  'absent',
] as const;

/** How a condition compares. */
export type Operator = (typeof OPERATORS)[number];

/** A condition on a field of an event. */
export interface Condition {
  /** A column of `events`, or a path into `properties`, `context` or `traits` such as `properties.cart.total`. */
  readonly field: string;
  readonly op: Operator;
  /**
   * One value; a list for `in` and `not_in`; none for `exists` and `absent`. A number is compared with numbers and with
   * texts that hold one; `contains` ignores case.
   */
  readonly value?: Scalar | readonly Scalar[];
}

/** Which events are meant: all conditions hold. Without any, every event. */
export interface Selector {
  /** Names, any of them; empty means every name. */
  readonly events: readonly string[];
  /** Kind of touchpoint; absent: what people do, {@link ACTIONS}. */
  readonly kind?: TouchpointKind;
  readonly where: readonly Condition[];
}

/** Kinds that tell what a person did; `identify`, `group` and `alias` tell who they are and take part only when named. */
export const ACTIONS = ['track', 'page', 'screen'] as const satisfies readonly TouchpointKind[];

/** Kinds that take part in a question about these selectors. */
export function kindsOf(selectors: readonly Selector[]): TouchpointKind[] {
  const named = selectors.flatMap(({ kind }) => (kind === undefined ? [] : [kind]));
  return [...new Set<TouchpointKind>([...ACTIONS, ...named])];
}

/** True if an event that fits both cannot exist; false where their conditions would have to be understood. */
export function areDisjoint(a: Selector, b: Selector): boolean {
  if (a.kind !== undefined && b.kind !== undefined && a.kind !== b.kind) return true;
  return a.events.length > 0 && b.events.length > 0 && !a.events.some((name) => b.events.includes(name));
}

/** True if both select the same events because they say the same. */
export function areEqual(a: Selector, b: Selector): boolean {
  const text = ({ events, kind, where }: Selector): string =>
    JSON.stringify([
      [...events].sort(),
      kind ?? null,
      where.map(({ field, op, value }) => [field, op, value]),
    ]);
  return text(a) === text(b);
}

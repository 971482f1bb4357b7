import type { Condition, Scalar, Selector } from '../selector/selector.ts';
import { ACTIONS } from '../selector/selector.ts';

/** An event as the evaluators see it: the person of now already resolved. */
export interface TestEvent {
  readonly position: number;
  /** Ms since 1970 UTC. */
  readonly at: number;
  readonly kind: string;
  readonly event: string;
  readonly anchor: number;
  /** Person of now; empty for nobody. */
  readonly person: string;
  /** Visit of now; empty for none. */
  readonly session: string;
  readonly campaign: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly bot: boolean;
  readonly url?: string;
  readonly referrer?: string;
  readonly utm_source?: string;
  readonly utm_medium?: string;
  /** Parameter of the address that holds one. */
  readonly click_id?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Histories by their key: events in the order of time, ties by position. */
export function historiesOf(
  events: readonly TestEvent[],
  key: (event: TestEvent) => readonly string[],
): Map<string, TestEvent[]> {
  const histories = new Map<string, TestEvent[]>();
  const sorted = [...events].sort((a, b) => a.at - b.at || a.position - b.position);
  for (const event of sorted) {
    for (const name of key(event)) {
      if (name === '') continue;
      const history = histories.get(name);
      if (history === undefined) histories.set(name, [event]);
      else history.push(event);
    }
  }
  return histories;
}

/** Text of a value, `null` where there is none. */
export function known(value: unknown): string | null {
  return value === undefined || value === null ? null : textOf(value);
}

/** Value of a field; `undefined` where absent or null. */
export function valueOf(event: TestEvent, field: string): unknown {
  const [first, ...keys] = field.split('.');
  if (keys.length === 0) return (event as unknown as Record<string, unknown>)[field] || undefined;
  let value: unknown = (event as unknown as Record<string, unknown>)[first as string];
  for (const key of keys) value = (value as Record<string, unknown> | undefined)?.[key];
  return value ?? undefined;
}

/** Text of a value as answers show it; empty where absent. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether an event is one of a selector's. */
export function fits(event: TestEvent, { events, kind, where }: Selector): boolean {
  const kinds: readonly string[] = kind === undefined ? ACTIONS : [kind];
  if (!kinds.includes(event.kind)) return false;
  if (events.length > 0 && !events.includes(event.event)) return false;
  return where.every((condition) => holds(event, condition));
}

function holds(event: TestEvent, { field, op, value }: Condition): boolean {
  const own = valueOf(event, field);
  const values = (Array.isArray(value) ? value : [value]) as Scalar[];
  const first = values[0] as Scalar;
  const number = /^-?\d+(\.\d+)?$/.test(textOf(own)) ? Number(textOf(own)) : NaN;
  const equals = (): boolean =>
    own !== undefined &&
    values.some((one) => (typeof one === 'number' ? number === one : textOf(own) === String(one)));
  const contains = (): boolean => textOf(own).toLowerCase().includes(String(first).toLowerCase());
  switch (op) {
    case 'exists':
      return own !== undefined;
    case 'absent':
      return own === undefined;
    case 'eq':
    case 'in':
      return equals();
    case 'ne':
    case 'not_in':
      return !equals();
    case 'contains':
      return contains();
    case 'not_contains':
      return !contains();
    case 'gt':
      return number > Number(first);
    case 'gte':
      return number >= Number(first);
    case 'lt':
      return number < Number(first);
    case 'lte':
      return number <= Number(first);
  }
}

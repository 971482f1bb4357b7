import type { FunnelDefinition } from '../funnel/funnel.ts';
import { kindsOf } from '../selector/selector.ts';
import { evaluateGroup } from './evaluate-group.ts';
import { fits, historiesOf, type TestEvent } from './events.ts';
import type { Commerce } from './stages.ts';

/** What became of one history, by the definition read word for word: every start, every window, every matching. */
export interface Attempt {
  readonly depth: number;
  /** Ms since 1970 UTC, of each step that was reached; for `any` of start and end. */
  readonly at: readonly number[];
  readonly group: string | null;
}

/** Attempts that count, by history. */
export function evaluateFunnel(
  definition: FunnelDefinition,
  all: readonly TestEvent[],
  commerce: Commerce = { orders: [] },
): Map<string, Attempt> {
  const { scope, unit, steps, exclusions, order, grouping } = definition;
  const roles = [...steps, ...exclusions.map(({ selector }) => selector)];
  const kinds: readonly string[] = kindsOf(roles);
  const events = all.filter(
    ({ kind, at, bot }) =>
      kinds.includes(kind) &&
      at >= (scope.from ?? 0) &&
      at < (scope.to ?? Infinity) &&
      (scope.includeBots || !bot),
  );
  const found = new Map<string, Attempt>();
  const key = (event: TestEvent): string[] => [unit === 'session' ? event.session : event.person];
  const everything = historiesOf(
    all.filter(({ bot }) => scope.includeBots || !bot),
    key,
  );
  for (const [name, history] of historiesOf(events, key)) {
    const result = order === 'any' ? anyOrder(definition, history) : inOrder(definition, history);
    if (result === undefined) continue;
    const group = evaluateGroup(grouping, result.start, {
      everything: everything.get(name) ?? [],
      commerce,
    });
    found.set(name, { depth: result.depth, at: result.at, group });
  }
  return found;
}

interface Found {
  readonly depth: number;
  readonly at: readonly number[];
  readonly start: TestEvent;
}

/** Each start with the earliest event for each further step. */
function inOrder(
  { steps, order, windowMs = Infinity, exclusions }: FunnelDefinition,
  history: readonly TestEvent[],
): Found | undefined {
  let best: (Found & { readonly end: number; readonly begin: number }) | undefined;
  for (const [begin, start] of history.entries()) {
    if (!fits(start, steps[0]!)) continue;
    const reached = [begin];
    for (let step = 1; step < steps.length; step++) {
      const from = reached.at(-1)! + 1;
      const next = history.findIndex(
        (event, i) =>
          i >= from &&
          (order !== 'strict' || i === from) &&
          event.at - start.at <= windowMs &&
          fits(event, steps[step]!),
      );
      if (next < 0) break;
      reached.push(next);
    }
    for (const { selector, after, before } of exclusions) {
      const opened = reached[after - 1];
      const closed = reached[before - 1] ?? Infinity;
      if (opened === undefined) continue;
      const between = history.some(
        (event, i) => i > opened && i < closed && event.at - start.at <= windowMs && fits(event, selector),
      );
      if (between) return undefined;
    }
    const end = reached.at(-1)!;
    const isBetter =
      best === undefined ||
      reached.length > best.depth ||
      (reached.length === best.depth && (end < best.end || (end === best.end && begin > best.begin)));
    if (isBetter) best = { depth: reached.length, at: reached.map((i) => history[i]!.at), start, end, begin };
  }
  return best;
}

/** Each window that ends at an event, by matching steps with events. */
function anyOrder(
  { steps, windowMs = Infinity, exclusions }: FunnelDefinition,
  history: readonly TestEvent[],
): Found | undefined {
  let best: Found | undefined;
  for (const [end, last] of history.entries()) {
    const first = history.findIndex(({ at }) => last.at - at <= windowMs);
    const depth = matching(history.slice(first, end + 1), steps);
    const isExcluding = exclusions.some(({ selector }) => fits(last, selector));
    if (isExcluding && depth >= 1 && depth < steps.length) return undefined;
    if (depth === 0 || depth <= (best?.depth ?? 0)) continue;
    let begin = first;
    while (matching(history.slice(begin + 1, end + 1), steps) >= depth) begin++;
    best = { depth, at: [history[begin]!.at, last.at], start: history[begin]! };
  }
  return best;
}

/** Steps that can have an event of their own each (augmenting paths). */
function matching(events: readonly TestEvent[], steps: FunnelDefinition['steps']): number {
  const owner = new Map<number, number>();
  const serve = (step: number, tried: Set<number>): boolean =>
    events.some((event, i) => {
      if (tried.has(i) || !fits(event, steps[step]!)) return false;
      tried.add(i);
      const other = owner.get(i);
      if (other !== undefined && !serve(other, tried)) return false;
      owner.set(i, step);
      return true;
    });
  return steps.filter((_, step) => serve(step, new Set())).length;
}

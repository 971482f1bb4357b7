import type { RetentionDefinition } from '../retention/retention.ts';
import { kindsOf } from '../selector/selector.ts';
import { periodOf, ROLLING_MS } from '../stream/period.ts';
import { evaluateGroup } from './evaluate-group.ts';
import { fits, historiesOf, type TestEvent } from './events.ts';
import type { Commerce } from './stages.ts';

/** Somebody in a cohort, and the periods ≥ 1 that they were back in. */
export interface Member {
  readonly cohort: number;
  readonly group: string | null;
  readonly back: ReadonlySet<number>;
}

/** Members of all cohorts, by the definition read word for word. */
export function evaluateRetention(
  definition: RetentionDefinition,
  all: readonly TestEvent[],
  commerce: Commerce = { orders: [] },
): Member[] {
  const { scope, unit, start, back, period, cohorts, clock, timeZone, grouping } = definition;
  const kinds: readonly string[] = kindsOf([start, back]);
  const counted = all.filter(({ at, bot }) => at < (scope.to ?? Infinity) && (scope.includeBots || !bot));
  const key = (event: TestEvent): string[] => [unit === 'session' ? event.session : event.person];
  const everything = historiesOf(counted, key);
  const members: Member[] = [];
  for (const [name, history] of historiesOf(
    counted.filter(({ kind }) => kinds.includes(kind)),
    key,
  )) {
    const starts = history.filter((event) => fits(event, start));
    const firsts =
      cohorts === 'first_time'
        ? starts.slice(0, 1)
        : starts.filter(
            ({ at }, i) =>
              i === 0 || periodOf(period, timeZone, at) !== periodOf(period, timeZone, starts[i - 1]!.at),
          );
    for (const first of firsts) {
      if (first.at < (scope.from ?? -Infinity)) continue;
      const cohort = periodOf(period, timeZone, first.at);
      const periods = history
        .filter((event) => fits(event, back))
        .map(({ at }) =>
          clock === 'rolling'
            ? Math.floor((at - first.at) / ROLLING_MS[period])
            : periodOf(period, timeZone, at) - cohort,
        );
      members.push({
        cohort,
        group: evaluateGroup(grouping, first, { everything: everything.get(name) ?? [], commerce }),
        back: new Set(periods.filter((k) => k > 0)),
      });
    }
  }
  return members;
}

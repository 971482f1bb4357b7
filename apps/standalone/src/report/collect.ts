import type { AttributionResult, FunnelResult, PathsResult, RetentionResult } from '#journey';
import { EXIT, OTHER, START } from '#journey';
import { ask } from '../operator.ts';

/** How an answer was asked for. */
interface Asked {
  readonly sql?: string;
  readonly ms?: number;
}

/** What the page of journeys shows. */
export interface Journeys {
  readonly steps: readonly string[];
  readonly funnel: FunnelResult & Asked;
  readonly paths: PathsResult & Asked;
  readonly retention: RetentionResult & Asked;
  readonly attribution: AttributionResult & Asked;
}

/** What the page is about. */
export interface Wanted {
  /** Names of events; absent: the most frequent ones in the order in which they commonly come. */
  readonly steps?: readonly string[];
  /** ISO 8601. */
  readonly from?: string;
  readonly to?: string;
  /** Event that converts, and the field that holds its worth; absent: orders. */
  readonly conversion?: { readonly event: string; readonly value?: string };
  readonly period: 'day' | 'week' | 'month';
  readonly timeZone: string;
}

/** Steps of a funnel that nobody named. */
const MOST_STEPS = 5;

const PERIODS = { day: 14, week: 8, month: 6 } as const;

/** Asks the running Temas. Throws what it refuses. */
export async function collectJourneys({
  steps,
  from,
  to,
  conversion,
  period,
  timeZone,
}: Wanted): Promise<Journeys> {
  const scope = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const post = <T>(path: string, body: object): Promise<T> =>
    ask<T>('POST', `/v1/analytics/${path}`, { ...scope, ...body });
  const paths = await post<Journeys['paths']>('paths', { steps: 5, top: 7, collapse: true });
  // Pages are shown by their path where they have no name; a step is the name of an event.
  const named = steps ?? commonSteps(await post('paths', { among: { kind: 'track' }, steps: 6, top: 10 }));
  return {
    steps: named,
    paths,
    funnel: await post('funnel', { steps: named.length === 0 ? ['(none)'] : named }),
    retention: await post('retention', { period, periods: PERIODS[period], timeZone, clock: 'calendar' }),
    attribution: await post('attribution', conversion === undefined ? {} : { conversion }),
  };
}

/** The events that come most, in the order of their mean step. */
function commonSteps({ nodes }: PathsResult): string[] {
  const seen = new Map<string, { count: number; steps: number }>();
  for (const { event, step, count } of nodes) {
    if ([START, EXIT, OTHER].includes(event)) continue;
    const own = seen.get(event) ?? { count: 0, steps: 0 };
    seen.set(event, { count: own.count + count, steps: own.steps + count * step });
  }
  return [...seen]
    .sort(([, a], [, b]) => b.count - a.count)
    .slice(0, MOST_STEPS)
    .sort(([, a], [, b]) => a.steps / a.count - b.steps / b.count)
    .map(([name]) => name);
}

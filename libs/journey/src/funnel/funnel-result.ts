import { groupOf } from '../stream/grouping.ts';
import type { FunnelDefinition } from './funnel.ts';
import { TIME_QUANTILES } from './funnel-sql.ts';

/** How long something took, seconds; `null` where nobody came so far. Quantiles are interpolated. */
export interface Durations {
  readonly average: number | null;
  readonly p10: number | null;
  readonly p25: number | null;
  readonly median: number | null;
  readonly p75: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** One step of a funnel; for `any`, how many came to so many different steps. */
export interface FunnelStep {
  /** From 1. */
  readonly step: number;
  /** Histories that came to it or farther. */
  readonly count: number;
  /** Of those that began, the share that came here; `null` if nobody began. */
  readonly fromFirst: number | null;
  /** Of those at the step before. */
  readonly fromPrevious: number | null;
  /** Came here and no farther; at the last step 0. */
  readonly dropped: number;
  /** Time since the step before, of those who came; `null` at step 1 and for `any`. */
  readonly timeFromPrevious: Durations | null;
}

/** A funnel of all histories, or of one group of them. */
export interface FunnelCounts {
  readonly entered: number;
  readonly converted: number;
  /** `converted` of `entered`; `null` if nobody began. */
  readonly conversion: number | null;
  readonly steps: readonly FunnelStep[];
  /** From the first step to the last, of those who converted. */
  readonly timeToConvert: Durations;
}

/** The histories of one value. */
export interface FunnelGroup extends FunnelCounts {
  /** Text of the value; `null` where there was none. */
  readonly value: string | null;
}

/** What a funnel answers. */
export interface FunnelResult extends FunnelCounts {
  /** The largest groups, by how many began; absent without a grouping. */
  readonly groups?: readonly FunnelGroup[];
  /** How many came to each step in all groups that are not answered apart; absent if there are none. */
  readonly others?: readonly number[];
}

/** A row of `funnelSql`. */
export interface FunnelRow {
  readonly told: string;
  readonly total: number;
  readonly reached: readonly (number | string)[];
  readonly whole: readonly (number | null)[];
  readonly by_step?: readonly (readonly (number | null)[])[];
}

/** The answer of a funnel from its rows. */
export function funnelResult(
  { grouping, groups }: FunnelDefinition,
  rows: readonly FunnelRow[],
): FunnelResult {
  const total = rows.find((row) => Number(row.total) === 1);
  const whole = total === undefined ? nothing(rows) : countsOf(total);
  if (grouping === undefined) return whole;
  // The engine was asked for one row more than there are groups: the total.
  const shown = rows.filter((row) => row !== total).slice(0, groups);
  const others = whole.steps.map(
    ({ count }, i) => count - shown.reduce((sum, row) => sum + Number(row.reached[i]), 0),
  );
  return {
    ...whole,
    groups: shown.map((row) => ({ value: groupOf(row.told), ...countsOf(row) })),
    ...(others.some((count) => count > 0) ? { others } : {}),
  };
}

/** GROUPING SETS of no rows have no total either. */
function nothing(rows: readonly FunnelRow[]): FunnelCounts {
  if (rows.length > 0) throw new TypeError('groups without a total');
  return { entered: 0, converted: 0, conversion: null, steps: [], timeToConvert: durationsOf([]) };
}

function countsOf({ reached, whole, by_step: byStep }: FunnelRow): FunnelCounts {
  const counts = reached.map(Number);
  const entered = counts[0] ?? 0;
  const converted = counts.at(-1) ?? 0;
  return {
    entered,
    converted,
    conversion: share(converted, entered),
    steps: counts.map((count, i) => ({
      step: i + 1,
      count,
      fromFirst: share(count, entered),
      fromPrevious: share(count, i === 0 ? count : (counts[i - 1] as number)),
      dropped: i === counts.length - 1 ? 0 : count - (counts[i + 1] as number),
      timeFromPrevious: i === 0 || byStep === undefined ? null : durationsOf(byStep[i] ?? []),
    })),
    timeToConvert: durationsOf(whole),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Mean and quantiles in ms, as `funnelSql` asks for them, in seconds. */
function durationsOf([average, ...quantiles]: readonly (number | null)[]): Durations {
  const seconds = (ms: number | null | undefined): number | null =>
    ms === null || ms === undefined ? null : ms / 1000;
  const at = (quantile: (typeof TIME_QUANTILES)[number]): number | null =>
    seconds(quantiles[TIME_QUANTILES.indexOf(quantile)]);
  return {
    average: seconds(average),
    p10: at(0.1),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
  };
}

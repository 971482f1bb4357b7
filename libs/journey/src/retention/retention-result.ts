import { groupOf } from '../stream/grouping.ts';
import { firstDayOf, periodOf, ROLLING_MS } from '../stream/period.ts';
import type { RetentionDefinition } from './retention.ts';

/** Who came back in a period. */
export interface RetentionPeriod {
  /** 0 is the cohort itself. */
  readonly period: number;
  readonly returned: number;
  /** Of the cohort; `null` for an empty one. */
  readonly rate: number | null;
  /** Of those back in the period before; `null` where nobody was. */
  readonly fromPrevious: number | null;
  /** True while events of the period may still come: the number can only grow. */
  readonly incomplete: boolean;
}

/** A cohort and its returns. */
export interface RetentionCohort {
  /** First day of its period; absent in cohorts by value. */
  readonly start?: string;
  /** Text of its value, `null` where there was none; absent in cohorts by period. */
  readonly value?: string | null;
  readonly size: number;
  readonly periods: readonly RetentionPeriod[];
}

/** A period over all cohorts. */
export interface RetentionAverage {
  readonly period: number;
  /** Everybody, also of cohorts for which the period is not over. */
  readonly size: number;
  readonly returned: number;
  readonly rate: number | null;
  /** Cohorts for which the period is over, and what follows for them. */
  readonly completeCohorts: number;
  readonly completeSize: number;
  readonly completeReturned: number;
  /** Their returned of their size: large cohorts weigh more. */
  readonly completeRate: number | null;
  /** Mean of their rates: every cohort weighs the same. */
  readonly meanRate: number | null;
}

/** What a retention answers. */
export interface RetentionResult {
  readonly size: number;
  readonly periods: readonly RetentionAverage[];
  readonly cohorts: readonly RetentionCohort[];
}

/** A row of `retentionSql`. */
export interface RetentionRow {
  readonly told: string;
  readonly cohort: number;
  readonly k: number;
  readonly n: string | number;
  readonly latest: string | number;
}

interface Cell {
  readonly told: string;
  readonly cohort: number;
  readonly size: number;
  readonly returned: readonly number[];
  readonly complete: readonly boolean[];
}

/** The answer of a retention from its rows. */
export function retentionResult(
  definition: RetentionDefinition,
  rows: readonly RetentionRow[],
): RetentionResult {
  const cells = cellsOf(definition, rows);
  return {
    size: sum(cells.map(({ size }) => size)),
    periods: Array.from({ length: definition.periods + 1 }, (_, k) => averageOf(cells, k)),
    cohorts: cohortsOf(definition, cells),
  };
}

function cellsOf(definition: RetentionDefinition, rows: readonly RetentionRow[]): Cell[] {
  const { periods, returns } = definition;
  const byCell = new Map<string, RetentionRow[]>();
  for (const row of rows) {
    const key = `${row.cohort}:${row.told}`;
    const known = byCell.get(key);
    if (known === undefined) byCell.set(key, [row]);
    else known.push(row);
  }
  return [...byCell.values()].map((own) => {
    const { told, cohort } = own[0] as RetentionRow;
    const counts = new Map(own.map(({ k, n }) => [k, Number(n)]));
    const size = counts.get(-1) ?? 0;
    const latest = Number(own.find(({ k }) => k === -1)?.latest ?? 0);
    const returned = Array.from({ length: periods + 1 }, (_, k) => {
      if (k === 0) return size;
      if (returns === 'bounded') return counts.get(k) ?? 0;
      return sum([...counts].filter(([last]) => last >= k).map(([, n]) => n));
    });
    const complete = returned.map((_, k) => isOver(definition, cohort, latest, k));
    return { told, cohort, size, returned, complete };
  });
}

/** True if no event of a cohort's period can still come. */
function isOver(
  { clock, period, timeZone, observedUntil }: RetentionDefinition,
  cohort: number,
  latestStart: number,
  k: number,
): boolean {
  if (clock === 'rolling') return latestStart + (k + 1) * ROLLING_MS[period] <= observedUntil;
  return periodOf(period, timeZone, observedUntil) > cohort + k;
}

function averageOf(cells: readonly Cell[], k: number): RetentionAverage {
  const size = sum(cells.map((cell) => cell.size));
  const returned = sum(cells.map((cell) => cell.returned[k] as number));
  const over = cells.filter((cell) => cell.complete[k]);
  const completeSize = sum(over.map((cell) => cell.size));
  const completeReturned = sum(over.map((cell) => cell.returned[k] as number));
  const rates = over.map((cell) => (cell.returned[k] as number) / cell.size);
  return {
    period: k,
    size,
    returned,
    rate: share(returned, size),
    completeCohorts: over.length,
    completeSize,
    completeReturned,
    completeRate: share(completeReturned, completeSize),
    meanRate: share(sum(rates), rates.length),
  };
}

function cohortsOf(
  { grouping, groups, period }: RetentionDefinition,
  cells: readonly Cell[],
): RetentionCohort[] {
  if (grouping === undefined) {
    return [...cells]
      .sort((a, b) => a.cohort - b.cohort)
      .map((cell) => ({ start: firstDayOf(period, cell.cohort), ...returnsOf([cell]) }));
  }
  const values = [...new Set(cells.map(({ told }) => told))];
  return values
    .map((told) => ({ value: groupOf(told), ...returnsOf(cells.filter((cell) => cell.told === told)) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, groups);
}

function returnsOf(cells: readonly Cell[]): Pick<RetentionCohort, 'size' | 'periods'> {
  const size = sum(cells.map((cell) => cell.size));
  const counts = (cells[0] as Cell).returned.map((_, k) =>
    sum(cells.map((cell) => cell.returned[k] as number)),
  );
  return {
    size,
    periods: counts.map((returned, k) => ({
      period: k,
      returned,
      rate: share(returned, size),
      fromPrevious: k === 0 ? null : share(returned, counts[k - 1] as number),
      incomplete: !cells.every((cell) => cell.complete[k]),
    })),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

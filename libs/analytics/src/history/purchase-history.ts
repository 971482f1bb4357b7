import { InvalidHistory } from '../errors.ts';

/**
 * All that the transaction models know of a customer (sufficient statistics), at the cutoff. Time is in one unit
 * throughout, days or weeks (days/7, not floored); parameters of a fit carry that unit.
 */
export interface PurchaseHistory {
  /** Repeat purchases: purchase days − 1. A whole number ≥ 0. */
  readonly x: number;
  /** Time from the first to the last purchase day; 0 exactly when x = 0. */
  readonly tX: number;
  /** Time from the first purchase day to the cutoff, ≥ tX. */
  readonly T: number;
}

/** Histories with how many customers have each. */
export interface CountedHistory extends PurchaseHistory {
  /** Customers with exactly this history; absent means one. */
  readonly count?: number;
}

/** Distinct histories as columns: a million customers are a few hundred thousand rows, and loops run over plain arrays. */
export interface HistoryTable {
  readonly x: Float64Array;
  readonly tX: Float64Array;
  readonly T: Float64Array;
  readonly count: Float64Array;
  /** Σ count. */
  readonly customers: number;
}

/**
 * Collects histories into a table: equal ones are joined, order is by (x, tX, T), so that sums do not depend on the
 * order in which rows arrive.
 *
 * @throws InvalidHistory for a row that no customer can have
 */
export function historyTable(rows: Iterable<CountedHistory>): HistoryTable {
  const sorted = Array.from(rows, (row) => {
    checkHistory(row);
    return row;
  }).sort((a, b) => a.x - b.x || a.tX - b.tX || a.T - b.T);
  const distinct: { x: number; tX: number; T: number; count: number }[] = [];
  for (const { x, tX, T, count = 1 } of sorted) {
    const last = distinct[distinct.length - 1];
    if (last && last.x === x && last.tX === tX && last.T === T) last.count += count;
    else distinct.push({ x, tX, T, count });
  }
  return {
    x: Float64Array.from(distinct, (row) => row.x),
    tX: Float64Array.from(distinct, (row) => row.tX),
    T: Float64Array.from(distinct, (row) => row.T),
    count: Float64Array.from(distinct, (row) => row.count),
    customers: distinct.reduce((sum, row) => sum + row.count, 0),
  };
}

/** The rows of a table as objects, in the table's order. */
export function* rowsOf(table: HistoryTable): Generator<Required<CountedHistory>> {
  for (let i = 0; i < table.x.length; i += 1) {
    yield {
      x: table.x[i] as number,
      tX: table.tX[i] as number,
      T: table.T[i] as number,
      count: table.count[i] as number,
    };
  }
}

/**
 * About `size` customers taken at equal steps through the table in its order, as a table: a systematic sample, the same
 * each time. The table itself when it is not larger.
 */
export function thinned(table: HistoryTable, size: number): HistoryTable {
  if (table.customers <= size) return table;
  const step = table.customers / size;
  const sample: CountedHistory[] = [];
  let passed = 0;
  for (const row of rowsOf(table)) {
    const before = Math.floor(passed / step);
    passed += row.count;
    const count = Math.floor(passed / step) - before;
    if (count > 0) sample.push({ ...row, count });
  }
  return historyTable(sample);
}

/** @throws InvalidHistory saying which rule is broken */
export function checkHistory({ x, tX, T, count = 1 }: CountedHistory): void {
  if (!Number.isInteger(x) || x < 0) throw new InvalidHistory(`x = ${x} is no count of repeat purchases`);
  if (!(T >= tX && tX >= 0 && Number.isFinite(T))) {
    throw new InvalidHistory(`0 ≤ tX ≤ T is broken by tX = ${tX}, T = ${T}`);
  }
  if ((x === 0) !== (tX === 0)) throw new InvalidHistory(`x = ${x} does not go with tX = ${tX}`);
  if (!(count > 0 && Number.isFinite(count))) throw new InvalidHistory(`count = ${count} is no weight`);
}

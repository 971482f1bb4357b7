import type { HistoryTable } from './purchase-history.ts';

/**
 * A table's distinct counts and times, so that a likelihood takes logarithms once per distinct value and not per row:
 * each evaluation of a million customers then costs one exponential and one logarithm a row.
 */
export interface HistoryIndex {
  readonly table: HistoryTable;
  /** Distinct x, ascending. */
  readonly counts: Float64Array;
  readonly countOf: Int32Array;
  /** Distinct times, of tX and T together, ascending. */
  readonly times: Float64Array;
  readonly lastOf: Int32Array;
  readonly nowOf: Int32Array;
}

/** Indexes a table once per fit. */
export function indexOf(table: HistoryTable): HistoryIndex {
  const counts = distinct([table.x]);
  const times = distinct([table.tX, table.T]);
  const place = (values: Float64Array): Map<number, number> => new Map(Array.from(values, (v, i) => [v, i]));
  const ofCount = place(counts);
  const ofTime = place(times);
  return {
    table,
    counts,
    countOf: Int32Array.from(table.x, (v) => ofCount.get(v) as number),
    times,
    lastOf: Int32Array.from(table.tX, (v) => ofTime.get(v) as number),
    nowOf: Int32Array.from(table.T, (v) => ofTime.get(v) as number),
  };
}

/** Distinct (x, time) pairs of an index: what an expensive function of both is tabulated over. */
export interface PairIndex {
  readonly countOf: Int32Array;
  readonly timeOf: Int32Array;
  readonly lastPairOf: Int32Array;
  readonly nowPairOf: Int32Array;
}

/** Pairs (x, tX) and (x, T) of all rows, each once. */
export function pairsOf(index: HistoryIndex): PairIndex {
  const seen = new Map<number, number>();
  const countOf: number[] = [];
  const timeOf: number[] = [];
  const width = index.times.length;
  const pair = (count: number, time: number): number => {
    const key = count * width + time;
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, countOf.length);
    countOf.push(count);
    timeOf.push(time);
    return countOf.length - 1;
  };
  const rows = index.countOf.length;
  const lastPairOf = new Int32Array(rows);
  const nowPairOf = new Int32Array(rows);
  for (let i = 0; i < rows; i += 1) {
    lastPairOf[i] = pair(index.countOf[i] as number, index.lastOf[i] as number);
    nowPairOf[i] = pair(index.countOf[i] as number, index.nowOf[i] as number);
  }
  return { countOf: Int32Array.from(countOf), timeOf: Int32Array.from(timeOf), lastPairOf, nowPairOf };
}

function distinct(columns: readonly Float64Array[]): Float64Array {
  const values = new Set<number>();
  for (const column of columns) for (const value of column) values.add(value);
  return Float64Array.from(values).sort();
}

import { INDEX_BITS } from './history-sql.ts';
import type { FunnelDefinition } from './funnel.ts';

/** Longer than any history: for funnels without a window. */
export const NO_WINDOW = 2 ** 41;

/** A column's name and its expression. */
export type NamedSql = readonly [name: string, sql: string];

/** SQL of how far histories of `historySql` came. */
export interface AttemptSql {
  /**
   * Columns, each layer over the one before: an engine that finds a column by its alias in the same SELECT writes its
   * expression out at every use, and the steps' expressions would grow beyond every limit.
   */
  readonly layers: readonly (readonly NamedSql[])[];
  /** True for a history that an exclusion takes out. */
  readonly excluded: string;
}

/** Time of an id, ms since the first event of its history. */
export function timeOf(id: string): string {
  return `bitShiftRight(${id}, ${INDEX_BITS})`;
}

/** An array whose values come one event later. */
export function before(array: string): string {
  return `arrayPopBack(arrayPushFront(${array}, toUInt64(0)))`;
}

/** An array where each 0 is what stood there last. */
export function filled(array: string): string {
  return `arrayFill(x -> x > 0, ${array})`;
}

/**
 * `ordered` and `strict`. For each step an array along the events: the id of the latest start whose attempt has come to
 * the step by then, 0 if none has. A later start that comes as far is never worse, so one start per step is enough; the
 * first place of a start in a step's array is where its attempt reached the step.
 *
 * Columns: `depth`, `start` (id), `at` (per step: ms since 1970, 0 where not reached), `told` (of the start's group).
 */
export function attemptSql({ steps, order, exclusions }: FunnelDefinition, window: string): AttemptSql {
  const numbers = steps.map((_, i) => i + 1);
  const fill = order === 'strict' ? (array: string): string => array : filled;
  const come = numbers.map((k): NamedSql => {
    if (k === 1) return ['f1', fill('arrayMap((d, b) -> if(bitTest(b, 0), d, toUInt64(0)), id, m)')];
    const inTime = `p > 0 AND ${timeOf('d')} - ${timeOf('p')} <= ${window}`;
    const step = `arrayMap((d, b, p) -> if(bitTest(b, ${k - 1}) AND ${inTime}, p, toUInt64(0)), id, m, ${before(`f${k - 1}`)})`;
    return [`f${k}`, fill(step)];
  });
  const depth = numbers.map((k) => `arrayExists(x -> x > 0, f${k})`).join(' + ');
  const start = numbers.map((k) => `depth = ${k}, arrayFirst(x -> x > 0, f${k})`).join(', ');
  const at = numbers.map((k) => `if(depth >= ${k}, t[indexOf(f${k}, start)], 0)`).join(', ');
  const excluded = exclusions.map(({ after, before: until }, i) => {
    const bit = steps.length + i;
    const open = `p > u AND ${timeOf('d')} - ${timeOf('p')} <= ${window}`;
    return `arrayExists((d, b, p, u) -> bitTest(b, ${bit}) AND ${open}, id, m, ${before(`f${after}`)}, f${until})`;
  });
  return {
    layers: [
      ...come.map((step) => [step]),
      [['depth', `toUInt8(${depth})`]],
      [['start', `multiIf(${start}, toUInt64(0))`]],
      [
        ['at', `[${at}]`],
        ['told', `v[bitAnd(start, ${2 ** INDEX_BITS - 1})]`],
      ],
    ],
    excluded: excluded.length === 0 ? '0' : excluded.join(' OR '),
  };
}

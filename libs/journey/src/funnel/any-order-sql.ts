import { type AttemptSql, before, filled, type NamedSql, timeOf } from './attempt-sql.ts';
import type { FunnelDefinition } from './funnel.ts';
import { overlappingSteps, sayTheSame } from './funnel.ts';
import { INDEX_BITS } from './history-sql.ts';

/** A set of steps that share events, and how many of them can be served. */
interface Demand {
  readonly size: number;
  readonly subsets: readonly { readonly bits: number; readonly size: number; readonly name: string }[];
}

/**
 * `any`. A window ends at each event; arrays hold, for a set of steps, the id of the last, second last, … event by then
 * that serves one of them. Steps that share no events are counted alone. Of those that do, as many can be served as the
 * narrowest set allows: min over the subsets T of (steps outside T + events for T), the deficiency form of Hall's theorem.
 *
 * Columns: `depth`, `start` (id of the earliest event of the shortest such window), `at` (start and end, ms since 1970),
 * `told` (of the start's group).
 */
export function anyOrderSql({ steps, exclusions }: FunnelDefinition, window: string): AttemptSql {
  const demands = overlappingSteps(steps).map((set) => demandOf(set, sayTheSame(steps, set)));
  const subsets = demands.flatMap((demand) => demand.subsets);
  const most = Math.max(...subsets.map(({ size }) => size));
  const arrays = Array.from({ length: most }, (_, i) => lastEvents(subsets, i + 1));
  const names = arrays.flat().map(([name]) => name);
  const served = (holds: (name: string) => string): string =>
    demands.map((demand) => servedSql(demand, holds)).join(' + ');
  const args = names.map((name) => `${name}_`);
  const inWindow = (name: string): string =>
    `(${name}_ > 0 AND ${timeOf('d')} - ${timeOf(`${name}_`)} <= ${window})`;
  const last = (name: string): string => `${name}[end]`;
  const candidates = names.map(
    (name) => `if(${timeOf('id[end]')} - ${timeOf(last(name))} <= ${window}, ${last(name)}, 0)`,
  );
  const shortest = served((name) => `(${last(name)} >= s)`);
  const bits = exclusions.map((_, i) => `bitTest(b, ${steps.length + i})`);
  return {
    layers: [
      ...arrays,
      [
        [
          'depths',
          `arrayMap((d, ${args.join(', ')}) -> toUInt8(${served(inWindow)}), id, ${names.join(', ')})`,
        ],
      ],
      [['depth', 'arrayMax(depths)']],
      [['end', 'indexOf(depths, depth)']],
      [['start', `arrayMax(arrayFilter(s -> s > 0 AND ${shortest} >= depth, [${candidates.join(', ')}]))`]],
      [
        ['at', `[toInt64(t0 + ${timeOf('start')}), t[end]]`],
        ['told', `v[bitAnd(start, ${2 ** INDEX_BITS - 1})]`],
      ],
    ],
    excluded:
      bits.length === 0
        ? '0'
        : `arrayExists((b, n) -> (${bits.join(' OR ')}) AND n BETWEEN 1 AND ${steps.length - 1}, m, depths)`,
  };
}

function demandOf(set: readonly number[], same: boolean): Demand {
  const all = set.reduce((bits, i) => bits + 2 ** i, 0);
  if (same) return { size: set.length, subsets: [{ bits: all, size: set.length, name: `g${all}` }] };
  const subsets = Array.from({ length: 2 ** set.length - 1 }, (_, n) => {
    const members = set.filter((_, j) => ((n + 1) >> j) % 2 === 1);
    const bits = members.reduce((sum, i) => sum + 2 ** i, 0);
    return { bits, size: members.length, name: `g${bits}` };
  });
  return { size: set.length, subsets };
}

/** Arrays of the nth last event that serves a set, for the sets that may need so many. */
function lastEvents(subsets: Demand['subsets'], n: number): NamedSql[] {
  return subsets
    .filter(({ size }) => size >= n)
    .map(({ bits, name }) => {
      const serves = `bitAnd(b, ${bits}) != 0`;
      const one =
        n === 1
          ? `arrayMap((d, b) -> if(${serves}, d, toUInt64(0)), id, m)`
          : `arrayMap((b, p) -> if(${serves}, p, toUInt64(0)), m, ${before(`${name}_${n - 1}`)})`;
      return [`${name}_${n}`, filled(one)];
    });
}

function servedSql({ size, subsets }: Demand, holds: (name: string) => string): string {
  const ways = subsets.map(({ name, size: own }) => {
    const events = Array.from({ length: own }, (_, i) => holds(`${name}_${i + 1}`)).join(' + ');
    return own === size ? `(${events})` : `(${size - own} + ${events})`;
  });
  return ways.reduce((least, way) => `least(${least}, ${way})`);
}

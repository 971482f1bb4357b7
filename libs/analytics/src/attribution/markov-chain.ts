import { NotConverged } from '../errors.ts';
import type { AttributionPath } from './attribution-path.ts';

/** A channel journey as an absorbing Markov chain: start is state 0, conversion and null absorb. */
export interface MarkovChain {
  /** Channels that a state remembers; none for the start. */
  readonly states: readonly (readonly string[])[];
  /** Probability of each next state, per state. */
  readonly next: readonly ReadonlyMap<number, number>[];
  /** Probability to end at a state, converted or not. */
  readonly end: Float64Array;
  /** Probability to convert from a state at once. */
  readonly convert: Float64Array;
  /** The same times the mean value of a conversion there, money. */
  readonly worth: Float64Array;
}

/** Counts transitions; a state is the last `order` touches (fewer at the start of a path). */
export function markovChain(paths: readonly AttributionPath[], order: number): MarkovChain {
  const states: string[][] = [[]];
  const known = new Map<string, number>([['[]', 0]]);
  const stateOf = (touches: string[]): number => {
    const key = JSON.stringify(touches);
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, states.length);
    states.push(touches);
    return states.length - 1;
  };
  // A state and a touch tell the next state: it is looked up, not spelt, of every touch but the first like it.
  const steps: Map<string, number>[] = [];
  const moves: Map<number, number>[] = [];
  const leaves: { conversions: number; value: number; nulls: number }[] = [];
  for (const { touches, conversions, value, nulls } of paths) {
    const people = conversions + nulls;
    if (touches.length === 0 || people === 0) continue;
    let from = 0;
    touches.forEach((touch, i) => {
      const ways = (steps[from] ??= new Map<string, number>());
      let to = ways.get(touch);
      if (to === undefined) {
        to = stateOf(touches.slice(Math.max(0, i + 1 - order), i + 1));
        ways.set(touch, to);
      }
      const row = (moves[from] ??= new Map<number, number>());
      row.set(to, (row.get(to) ?? 0) + people);
      from = to;
    });
    const leave = (leaves[from] ??= { conversions: 0, value: 0, nulls: 0 });
    leave.conversions += conversions;
    leave.value += value;
    leave.nulls += nulls;
  }
  const end = new Float64Array(states.length);
  const convert = new Float64Array(states.length);
  const worth = new Float64Array(states.length);
  const next = states.map((_, i) => {
    const row = moves[i] ?? new Map<number, number>();
    const leave = leaves[i] ?? { conversions: 0, value: 0, nulls: 0 };
    const total = [...row.values()].reduce((sum, n) => sum + n, leave.conversions + leave.nulls);
    end[i] = total === 0 ? 1 : (leave.conversions + leave.nulls) / total;
    convert[i] = total === 0 ? 0 : leave.conversions / total;
    worth[i] = total === 0 ? 0 : leave.value / total;
    return new Map([...row].map(([to, n]) => [to, n / total]));
  });
  return { states, next, end, convert, worth };
}

/** States up to which all of them are eliminated: exact whatever the loops, n³/3 multiplications. */
const MOST_ELIMINATED = 400;

/** Multiplications that following the flow may take before elimination is tried instead. */
const MOST_STEPS = 2e9;

/** States whose elimination still ends in a bearable time. */
const MOST_DENSE = 3_000;

/** Expected gain from the start, by a linear solve: gain(i) = reward(i) + Σ next(i→j)·gain(j); a removed state gains 0. */
export function gainFromStart(
  chain: MarkovChain,
  reward: Float64Array,
  removed: (state: readonly string[]) => boolean,
): number {
  const kept = chain.states.flatMap((state, i) => (removed(state) ? [] : [i]));
  if (kept.length > MOST_ELIMINATED) {
    const gain = followFlow(chain, reward, kept);
    if (gain !== undefined) return gain;
    if (kept.length > MOST_DENSE) {
      throw new NotConverged(`a chain of ${kept.length} states whose paths hardly ever end: lower the order`);
    }
  }
  return eliminateStates(chain, reward, kept);
}

/**
 * The same by following the flow from the start through the sparse transitions. Loops of a state to itself are summed in
 * closed form. What has not left after a round can gain no more than itself times the largest reward to come, so the error
 * is bounded by what it adds, and the flow is followed until that is below the last digit; `undefined` where that would
 * take too long.
 */
function followFlow(chain: MarkovChain, reward: Float64Array, kept: readonly number[]): number | undefined {
  const isKept = new Uint8Array(chain.states.length);
  for (const state of kept) isKept[state] = 1;
  const ways = kept.map((state) => {
    const moves = [...(chain.next[state] as ReadonlyMap<number, number>)];
    // 1 − (chance to stay), summed from the ways out: nothing is subtracted, nothing cancels.
    const away = moves.reduce((sum, [to, p]) => sum + (to === state ? 0 : p), chain.end[state] as number);
    const further = moves
      .filter(([to]) => to !== state && isKept[to] === 1)
      .map(([to, p]) => [to, p / away] as const);
    return {
      state,
      gain: away === 0 ? 0 : (reward[state] as number) / away,
      further: away === 0 ? [] : further,
    };
  });
  const most = ways.reduce((largest, { gain }) => Math.max(largest, gain), 0);
  const cost = ways.reduce((sum, { further }) => sum + further.length + 1, 0);
  let flow = new Float64Array(chain.states.length);
  let next = new Float64Array(chain.states.length);
  flow[0] = 1;
  let total = 0;
  for (let spent = 0; spent < MOST_STEPS; spent += cost) {
    let left = 0;
    for (const { state, gain, further } of ways) {
      const here = flow[state] as number;
      if (here === 0) continue;
      total += here * gain;
      for (const [to, p] of further) {
        next[to] = (next[to] as number) + here * p;
        left += here * p;
      }
    }
    if (left * most <= total * 1e-17 || left === 0) return total;
    [flow, next] = [next, flow];
    next.fill(0);
  }
  return undefined;
}

function eliminateStates(chain: MarkovChain, reward: Float64Array, kept: readonly number[]): number {
  const place = new Map(kept.map((state, i) => [state, i]));
  const n = kept.length;
  const width = n + 1;
  const system = new Float64Array(n * width);
  const out = Float64Array.from(kept, (state) => chain.end[state] as number);
  kept.forEach((state, i) => {
    for (const [to, p] of chain.next[state] as ReadonlyMap<number, number>) {
      const j = place.get(to);
      if (j === undefined) out[i] = (out[i] as number) + p;
      else system[i * width + j] = p;
    }
    system[i * width + n] = reward[state] as number;
  });
  return eliminate(system, out);
}

/**
 * Eliminates states from the last to the start, which is state 0, passing each one's way on to those who lead to it.
 * 1 − (chance to stay) is summed from the ways out (Grassmann, Taksar & Heyman 1985), so nothing is subtracted and
 * nothing cancels, however long the loops.
 *
 * @param system chances to go from row to column, and in a last column the gain; overwritten
 * @param out chance to leave the system at once, per row; overwritten
 */
function eliminate(system: Float64Array, out: Float64Array): number {
  const n = out.length;
  const width = n + 1;
  for (let last = n - 1; last >= 0; last -= 1) {
    const row = last * width;
    let away = out[last] as number;
    for (let j = 0; j < last; j += 1) away += system[row + j] as number;
    // nobody leaves: nobody gains
    if (away === 0) continue;
    for (let j = 0; j < last; j += 1) system[row + j] = (system[row + j] as number) / away;
    system[row + n] = (system[row + n] as number) / away;
    out[last] = (out[last] as number) / away;
    for (let i = 0; i < last; i += 1) {
      const p = system[i * width + last] as number;
      if (p === 0) continue;
      for (let j = 0; j < last; j += 1) {
        system[i * width + j] = (system[i * width + j] as number) + p * (system[row + j] as number);
      }
      system[i * width + n] = (system[i * width + n] as number) + p * (system[row + n] as number);
      out[i] = (out[i] as number) + p * (out[last] as number);
    }
  }
  return system[n] as number;
}

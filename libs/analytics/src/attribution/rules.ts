import { InvalidArgument } from '../errors.ts';
import { type AttributionPath, type ChannelCredit, channelsOf } from './attribution-path.ts';

/** Shares of the touches of one path; they add up to 1. */
export type CreditRule = (path: AttributionPath) => readonly number[];

/** All to the first touch. */
export const firstTouch: CreditRule = ({ touches }) => touches.map((_, i) => (i === 0 ? 1 : 0));

/** All to the last touch. */
export const lastTouch: CreditRule = ({ touches }) =>
  touches.map((_, i) => (i === touches.length - 1 ? 1 : 0));

/** All to the last touch that is not direct; to the last one where all are. */
export function lastNonDirect(direct: ReadonlySet<string>): CreditRule {
  return ({ touches }) => {
    const found = touches.findLastIndex((touch) => !direct.has(touch));
    const winner = found < 0 ? touches.length - 1 : found;
    return touches.map((_, i) => (i === winner ? 1 : 0));
  };
}

/** Equal shares. */
export const linear: CreditRule = ({ touches }) => touches.map(() => 1 / touches.length);

/** 40 % to the first, 40 % to the last, 20 % shared by those between; 50/50 for two, 100 % for one. */
export const positionBased: CreditRule = ({ touches: { length } }) => {
  if (length === 1) return [1];
  if (length === 2) return [0.5, 0.5];
  return Array.from({ length }, (_, i) => (i === 0 || i === length - 1 ? 0.4 : 0.2 / (length - 2)));
};

/**
 * Shares that halve with every `halfLifeDays` before the conversion: 2^(−age/half-life).
 *
 * @throws InvalidArgument from the rule when a path does not tell the age of each touch
 */
export function timeDecay(halfLifeDays: number): CreditRule {
  if (!(halfLifeDays > 0)) throw new InvalidArgument(`a half-life must be positive: ${halfLifeDays}`);
  return ({ touches, ageDays }) => {
    if (ageDays?.length !== touches.length) {
      throw new InvalidArgument('time decay needs the age of every touch');
    }
    // relative to the youngest touch: old paths would otherwise underflow to 0/0
    const youngest = ageDays.reduce((least, age) => Math.min(least, age), Infinity);
    const weights = ageDays.map((age) => 2 ** ((youngest - age) / halfLifeDays));
    const total = weights.reduce((sum, w) => sum + w, 0);
    return weights.map((w) => w / total);
  };
}

/**
 * Shapley values where a coalition is worth the conversions of the paths whose channels it holds: in closed form,
 * each conversion is shared equally by the distinct channels of its path.
 */
export const shapley: CreditRule = ({ touches }) => {
  const distinct = new Set(touches);
  return touches.map((channel, i) => (touches.indexOf(channel) === i ? 1 / distinct.size : 0));
};

/** Credit of each channel under a rule, by channel; conversions and value add up to those of the paths. */
export function attribute(paths: readonly AttributionPath[], rule: CreditRule): ChannelCredit[] {
  const credit = new Map(channelsOf(paths).map((channel) => [channel, { conversions: 0, value: 0 }]));
  for (const path of paths) {
    if (path.touches.length === 0 || (path.conversions === 0 && path.value === 0)) continue;
    rule(path).forEach((share, i) => {
      const own = credit.get(path.touches[i] as string) as { conversions: number; value: number };
      own.conversions += share * path.conversions;
      own.value += share * path.value;
    });
  }
  return [...credit].map(([channel, own]) => ({ channel, ...own }));
}

import { InvalidArgument } from '../errors.ts';
import { type AttributionPath, type ChannelCredit, channelsOf } from './attribution-path.ts';

/** Gives shares of a path to its touches, by their places; they add up to 1. */
export type CreditRule = (path: AttributionPath, give: (place: number, share: number) => void) => void;

/** All to the first touch. */
export const firstTouch: CreditRule = (_, give) => give(0, 1);

/** All to the last touch. */
export const lastTouch: CreditRule = ({ touches }, give) => give(touches.length - 1, 1);

/** All to the last touch that is not direct; to the last one where all are. */
export function lastNonDirect(direct: ReadonlySet<string>): CreditRule {
  return ({ touches }, give) => {
    const found = touches.findLastIndex((touch) => !direct.has(touch));
    give(found < 0 ? touches.length - 1 : found, 1);
  };
}

/** Equal shares. */
export const linear: CreditRule = ({ touches: { length } }, give) => {
  for (let i = 0; i < length; i += 1) give(i, 1 / length);
};

/** 40 % to the first, 40 % to the last, 20 % shared by those between; 50/50 for two, 100 % for one. */
export const positionBased: CreditRule = ({ touches: { length } }, give) => {
  if (length === 1) return give(0, 1);
  const ends = length === 2 ? 0.5 : 0.4;
  give(0, ends);
  for (let i = 1; i < length - 1; i += 1) give(i, 0.2 / (length - 2));
  give(length - 1, ends);
};

/**
 * Shares that halve with every `halfLifeDays` before the conversion: 2^(−age/half-life).
 *
 * @throws InvalidArgument from the rule when a path does not tell the age of each touch
 */
export function timeDecay(halfLifeDays: number): CreditRule {
  if (!(halfLifeDays > 0)) throw new InvalidArgument(`a half-life must be positive: ${halfLifeDays}`);
  return ({ touches, ageDays }, give) => {
    if (ageDays?.length !== touches.length) {
      throw new InvalidArgument('time decay needs the age of every touch');
    }
    // relative to the youngest touch: old paths would otherwise underflow to 0/0
    const youngest = ageDays.reduce((least, age) => Math.min(least, age), Infinity);
    const weights = ageDays.map((age) => 2 ** ((youngest - age) / halfLifeDays));
    const total = weights.reduce((sum, w) => sum + w, 0);
    weights.forEach((w, i) => give(i, w / total));
  };
}

/**
 * Shapley values where a coalition is worth the conversions of the paths whose channels it holds: in closed form,
 * each conversion is shared equally by the distinct channels of its path.
 */
export const shapley: CreditRule = ({ touches }, give) => {
  const distinct = new Set(touches);
  for (const channel of distinct) give(touches.indexOf(channel), 1 / distinct.size);
};

/** Credit of each channel under a rule, by channel; conversions and value add up to those of the paths. */
export function attribute(paths: readonly AttributionPath[], rule: CreditRule): ChannelCredit[] {
  const credit = new Map(channelsOf(paths).map((channel) => [channel, { conversions: 0, value: 0 }]));
  for (const path of paths) {
    if (path.touches.length === 0 || (path.conversions === 0 && path.value === 0)) continue;
    rule(path, (place, share) => {
      const own = credit.get(path.touches[place] as string) as { conversions: number; value: number };
      own.conversions += share * path.conversions;
      own.value += share * path.value;
    });
  }
  return [...credit].map(([channel, own]) => ({ channel, ...own }));
}

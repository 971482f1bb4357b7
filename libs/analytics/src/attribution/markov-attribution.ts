import { InvalidArgument } from '../errors.ts';
import { type AttributionPath, type ChannelCredit, channelsOf } from './attribution-path.ts';
import { gainFromStart, markovChain } from './markov-chain.ts';

/** A channel's credit by what would be lost without it. */
export interface RemovalCredit extends ChannelCredit {
  /** Share of conversions lost when every way through the channel ends without one. */
  readonly removalEffect: number;
  /** The same of conversion value. */
  readonly valueRemovalEffect: number;
}

/** Markov attribution of a set of paths. */
export interface MarkovAttribution {
  /** P(conversion) of a path: conversions / (conversions + nulls), whatever the order. */
  readonly pConversion: number;
  readonly channels: readonly RemovalCredit[];
}

/**
 * Markov-chain attribution by removal effects (Anderl et al. 2016, IJRM 33, 457–474), exactly, by linear solves: credit is
 * the total times the channel's removal effect over the sum of all. Null paths matter: leave them out and the shares change.
 *
 * @param order touches that a state remembers, a whole number ≥ 1
 */
export function markovAttribution(paths: readonly AttributionPath[], order = 1): MarkovAttribution {
  if (!Number.isInteger(order) || order < 1) throw new InvalidArgument(`no Markov order: ${order}`);
  const chain = markovChain(paths, order);
  const nothing = (): boolean => false;
  const pConversion = gainFromStart(chain, chain.convert, nothing);
  const meanValue = gainFromStart(chain, chain.worth, nothing);
  const effects = channelsOf(paths).map((channel) => {
    const through = (state: readonly string[]): boolean => state.includes(channel);
    return {
      channel,
      removalEffect: lost(pConversion, gainFromStart(chain, chain.convert, through)),
      valueRemovalEffect: lost(meanValue, gainFromStart(chain, chain.worth, through)),
    };
  });
  const total = (pick: (path: AttributionPath) => number): number =>
    paths.reduce((sum, path) => sum + (path.touches.length === 0 ? 0 : pick(path)), 0);
  const conversions = total((path) => path.conversions);
  const value = total((path) => path.value);
  const allEffects = effects.reduce((sum, e) => sum + e.removalEffect, 0);
  const allValueEffects = effects.reduce((sum, e) => sum + e.valueRemovalEffect, 0);
  return {
    pConversion,
    channels: effects.map((e) => ({
      ...e,
      conversions: allEffects === 0 ? 0 : (conversions * e.removalEffect) / allEffects,
      value: allValueEffects === 0 ? 0 : (value * e.valueRemovalEffect) / allValueEffects,
    })),
  };
}

function lost(whole: number, without: number): number {
  return whole === 0 ? 0 : 1 - without / whole;
}

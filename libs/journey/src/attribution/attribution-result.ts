import {
  attribute,
  type AttributionPath,
  type ChannelCredit,
  channelsOf,
  firstTouch,
  lastNonDirect,
  lastTouch,
  linear,
  markovAttribution,
  positionBased,
  shapley,
  timeDecay,
} from '#analytics';
import { compareText } from '#kernel';
import { DIRECT_NAMES } from '../channel/channel-rule.ts';

/** Ways to share a conversion among the touches before it. */
export const MODELS = [
  'first',
  'last',
  'last_non_direct',
  'linear',
  'time_decay',
  'position_based',
  'markov',
  'shapley',
] as const;

/** Ways to share a conversion among the touches before it. */
export type Model = (typeof MODELS)[number];

/** Highest order of the Markov chain. */
export const MAX_MARKOV_ORDER = 4;

/** Paths that are answered, the most frequent. */
export const TOP_PATHS = 50;

/** Which models, and their settings. */
export interface ModelChoice {
  readonly models: readonly Model[];
  readonly markovOrder: number;
  readonly halfLifeDays: number;
  /** Names of touches that are direct, in any case; with {@link DIRECT_NAMES}. */
  readonly direct: readonly string[];
}

/** What a name is given by a model. */
export interface Credit {
  readonly name: string;
  readonly conversions: number;
  /** Of all attributed conversions; `null` where there are none. */
  readonly share: number | null;
  readonly value: number;
  /** Share of conversions, and of value, that would be lost without it; only of `markov`. */
  readonly removalEffect?: number;
  readonly valueRemovalEffect?: number;
}

/** What an attribution answers. */
export interface AttributionResult {
  /** Of paths with touches. */
  readonly conversions: number;
  readonly value: number;
  /** Paths that did not convert. */
  readonly nulls: number;
  /** Of conversions without any touch, which no model shares. */
  readonly unattributed: { readonly conversions: number; readonly value: number };
  /** By name, in every model the same names. */
  readonly models: Readonly<Partial<Record<Model, readonly Credit[]>>>;
  /** Models that cannot be answered, and why. */
  readonly left: readonly { readonly model: Model; readonly reason: string }[];
  readonly markov?: { readonly order: number; readonly pConversion: number };
  readonly paths: readonly {
    readonly path: readonly string[];
    readonly conversions: number;
    readonly value: number;
    readonly nulls: number;
  }[];
}

/** A path and what was counted of it; of time decay, what each of its names is given if that is known. */
export interface CountedPath extends AttributionPath {
  readonly decay?: readonly ChannelCredit[];
}

/** The answer of an attribution from paths. Throws what the models throw of numbers that cannot be. */
export function attributionResult(paths: readonly CountedPath[], choice: ModelChoice): AttributionResult {
  const touched = paths.filter(({ touches }) => touches.length > 0);
  const total = (list: readonly CountedPath[], pick: (path: CountedPath) => number): number =>
    list.reduce((sum, path) => sum + pick(path), 0);
  const empty = paths.filter(({ touches }) => touches.length === 0);
  const conversions = total(touched, (path) => path.conversions);
  const models: Partial<Record<Model, readonly Credit[]>> = {};
  const left: { model: Model; reason: string }[] = [];
  let markov: AttributionResult['markov'];
  for (const model of choice.models) {
    if (model === 'markov') {
      const chain = markovAttribution(touched, choice.markovOrder);
      markov = { order: choice.markovOrder, pConversion: chain.pConversion };
      models.markov = chain.channels.map((credit) => ({
        ...creditOf(credit, conversions),
        removalEffect: credit.removalEffect,
        valueRemovalEffect: credit.valueRemovalEffect,
      }));
    } else {
      const credits = creditsOf(model, touched, choice);
      if (credits === undefined)
        left.push({ model, reason: 'the paths do not tell how old their touches are' });
      else models[model] = credits.map((credit) => creditOf(credit, conversions));
    }
  }
  return {
    conversions,
    value: total(touched, (path) => path.value),
    nulls: total(touched, (path) => path.nulls),
    unattributed: {
      conversions: total(empty, (path) => path.conversions),
      value: total(empty, (path) => path.value),
    },
    models,
    left,
    ...(markov === undefined ? {} : { markov }),
    paths: [...touched]
      .sort((a, b) => b.conversions - a.conversions || b.nulls - a.nulls || comparePaths(a, b))
      .slice(0, TOP_PATHS)
      .map(({ touches, conversions: count, value, nulls }) => ({
        path: touches,
        conversions: count,
        value,
        nulls,
      })),
  };
}

/** Names among the touches that are direct. Lists from elsewhere write them in any case. */
function directNames(paths: readonly CountedPath[], further: readonly string[]): Set<string> {
  const direct = new Set([...DIRECT_NAMES, ...further].map((name) => name.toLowerCase()));
  return new Set(channelsOf(paths).filter((name) => direct.has(name.toLowerCase())));
}

function creditsOf(
  model: Exclude<Model, 'markov'>,
  paths: readonly CountedPath[],
  { halfLifeDays, direct }: ModelChoice,
): ChannelCredit[] | undefined {
  switch (model) {
    case 'first':
      return attribute(paths, firstTouch);
    case 'last':
      return attribute(paths, lastTouch);
    case 'last_non_direct':
      return attribute(paths, lastNonDirect(directNames(paths, direct)));
    case 'linear':
      return attribute(paths, linear);
    case 'position_based':
      return attribute(paths, positionBased);
    case 'shapley':
      return attribute(paths, shapley);
    case 'time_decay': {
      if (paths.every(({ decay }) => decay !== undefined)) return decayed(paths);
      const isAged = paths.every(({ ageDays, conversions }) => ageDays !== undefined || conversions === 0);
      return isAged ? attribute(paths, timeDecay(halfLifeDays)) : undefined;
    }
  }
}

/** Sums what the engine gave each name of each path. */
function decayed(paths: readonly CountedPath[]): ChannelCredit[] {
  const credits = new Map<string, { conversions: number; value: number }>();
  for (const { channel, conversions, value } of paths.flatMap(({ decay }) => decay ?? [])) {
    const own = credits.get(channel) ?? { conversions: 0, value: 0 };
    own.conversions += conversions;
    own.value += value;
    credits.set(channel, own);
  }
  return [...credits].sort(([a], [b]) => compareText(a, b)).map(([channel, own]) => ({ channel, ...own }));
}

function creditOf({ channel, conversions, value }: ChannelCredit, all: number): Credit {
  return { name: channel, conversions, share: all === 0 ? null : conversions / all, value };
}

function comparePaths({ touches: a }: CountedPath, { touches: b }: CountedPath): number {
  const i = a.findIndex((touch, place) => touch !== b[place]);
  return i < 0 ? a.length - b.length : compareText(a[i] as string, b[i] ?? '');
}

/** A row of `attributionSql`. */
export interface AttributionRow {
  readonly names: readonly string[];
  /** Places among the names, from 1. */
  readonly path: readonly number[];
  readonly conversions: string | number;
  readonly value: number;
  readonly nulls: string | number;
  readonly decay: readonly number[];
  readonly decay_value: readonly number[];
}

/** A path from its row. */
export function countedPath(row: AttributionRow): CountedPath {
  return {
    touches: row.path.map((place) => row.names[place - 1] as string),
    conversions: Number(row.conversions),
    value: Number(row.value),
    nulls: Number(row.nulls),
    decay: row.names.map((channel, i) => ({
      channel,
      conversions: row.decay[i] as number,
      value: row.decay_value[i] as number,
    })),
  };
}

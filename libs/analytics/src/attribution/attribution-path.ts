/** A way through channels, and how many people went it. */
export interface AttributionPath {
  /** Channels in the order of the touches, repeats kept; an empty path is ignored. */
  readonly touches: readonly string[];
  /** How many went it and converted. */
  readonly conversions: number;
  /** Value of those conversions together, money. */
  readonly value: number;
  /** How many went it and did not convert. */
  readonly nulls: number;
  /** Days from each touch to the conversion, as long as `touches`; only time decay reads it. */
  readonly ageDays?: readonly number[];
}

/** What a channel is given. */
export interface ChannelCredit {
  readonly channel: string;
  readonly conversions: number;
  /** Money. */
  readonly value: number;
}

/** Channels of all paths, ascending by code units. */
export function channelsOf(paths: readonly AttributionPath[]): string[] {
  const channels = new Set<string>();
  for (const { touches } of paths) for (const touch of touches) channels.add(touch);
  return [...channels].sort();
}

import type { SourceName } from '#kernel';

/** When somebody wants to be told that data are no longer what they were. */
export type QualityCondition =
  /** Nothing came for so many hours. */
  | { readonly kind: 'silent'; readonly hours: number }
  /** Of what came in the last `hours`, less than `below` (0 to 1) was valid; not asked of less than `atLeast` items. */
  | {
      readonly kind: 'validity';
      readonly below: number;
      readonly hours: number;
      readonly atLeast: number;
    };

/** A rule of data quality. */
export interface QualityRule {
  /** Name that its owner gave it. */
  readonly name: string;
  /** `null`: each source of the workspace by itself. */
  readonly source: SourceName | null;
  readonly condition: QualityCondition;
  /** Ms since 1970 UTC. */
  readonly setAt: number;
}

/** Rules of a workspace by name. */
export type QualityRules = ReadonlyMap<string, QualityRule>;

/** Rules of a workspace at most: each is asked at every scrape of the metrics. */
export const MAX_QUALITY_RULES = 200;

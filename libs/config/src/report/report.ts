/** A question that was given a name, to be asked again. */
export interface Report {
  /** `[a-z0-9_-]{1,64}`, unique in the workspace. */
  readonly name: string;
  /** Which analysis it is for, such as `funnel`. */
  readonly kind: string;
  /** The body of that analysis, checked by whoever saved it. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** UTF-8 bytes of the definition's JSON. */
  readonly bytes: number;
  /** Ms since 1970 UTC. */
  readonly savedAt: number;
  /** Role of the key that saved it. */
  readonly savedBy: string;
}

/** Reports of a workspace by name. */
export type Reports = ReadonlyMap<string, Report>;

/** What a report's name must match. */
export const REPORT_NAME = /^[a-z0-9_-]{1,64}$/;

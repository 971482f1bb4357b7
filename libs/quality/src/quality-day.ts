/** Counts of a source on a day of arrival, as `data_quality` tells them. */
export interface QualityDay {
  /** UTC, ISO date. */
  readonly day: string;
  readonly source: string;
  readonly events: number;
  readonly refused: number;
  readonly duplicates: number;
  readonly validEvents: number;
  readonly identifyEvents: number;
  readonly withUserId: number;
  readonly withEmail: number;
  readonly withPhone: number;
  readonly withName: number;
  readonly unattributed: number;
  readonly blocked: number;
  readonly invalid: number;
  readonly corrected: number;
  readonly suggested: number;
  readonly disposable: number;
  readonly late: number;
  readonly badTimes: number;
  readonly schemaViolations: number;
  readonly unknownEvents: number;
}

/** Names of the counts. */
export const COUNTS = [
  ...([
    'events',
    'refused',
    'duplicates',
    'validEvents',
    'identifyEvents',
    'withUserId',
    'withEmail',
  ] as const),
  ...(['withPhone', 'withName', 'unattributed', 'blocked', 'invalid', 'corrected', 'suggested'] as const),
  ...(['disposable', 'late', 'badTimes', 'schemaViolations', 'unknownEvents'] as const),
] satisfies readonly Exclude<keyof QualityDay, 'day' | 'source'>[];

/** Name of a count. */
export type CountName = (typeof COUNTS)[number];

/** Counts with what follows from them; `null` where nothing came that could be measured. */
export type QualityFigures = Readonly<Record<CountName, number>> & {
  /** From 0 to 1: valid of what came, refused items among it. */
  readonly validity: number | null;
  /** From 0 to 1: filled of user id, e-mail, phone and name in calls that speak of a person. */
  readonly completeness: number | null;
  /** From 0 to 1. */
  readonly duplicateRate: number | null;
};

/** Sums of days, with the rates of the sums. */
export function figuresOf(days: readonly QualityDay[]): QualityFigures {
  const sums = Object.fromEntries(
    COUNTS.map((name) => [name, days.reduce((sum, day) => sum + day[name], 0)]),
  ) as Record<CountName, number>;
  const { events, refused, duplicates, validEvents, identifyEvents } = sums;
  const filled = sums.withUserId + sums.withEmail + sums.withPhone + sums.withName;
  return {
    ...sums,
    validity: ratio(validEvents, events + refused),
    completeness: ratio(filled, 4 * identifyEvents),
    duplicateRate: ratio(duplicates, events + duplicates),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

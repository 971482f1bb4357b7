import type { EventId } from '#kernel';

/** What can be fitted; `auto` tries the three models of purchases and keeps the one that foretells best. */
export const FIT_MODELS = ['bg_nbd', 'mbg_nbd', 'pareto_nbd', 'gamma_gamma', 'auto'] as const;

/** What a fit counts: purchase days, or days of any activity where there is no commerce. */
export const FIT_BASES = ['purchases', 'activity'] as const;

/** What an analyst asks to be fitted. Days are UTC dates, `YYYY-MM-DD`. */
export interface FitRequest {
  readonly model: (typeof FIT_MODELS)[number];
  /** `null`: purchases, if there is any order. */
  readonly basis: (typeof FIT_BASES)[number] | null;
  /** Unit of time of the parameters; a week is days/7, not floored. */
  readonly timeUnit: 'day' | 'week';
  /** First day that counts; what lies before it is ignored. `null`: the first day there is. */
  readonly start: string | null;
  /** Last day included. `null`: the newest day there is, and later purchases move the scores of their people. */
  readonly cutoff: string | null;
  /** ISO 4217. `null`: the one of most orders. */
  readonly currency: string | null;
  /** Days after the cutoff whose purchases the lifetime value counts. */
  readonly horizonDays: number;
  /** Days without a purchase that are called churn. */
  readonly churnHorizonDays: number;
  /** Share of revenue that is kept, above 0 to 1. */
  readonly margin: number;
  /** Effective annual rate: 0.1 is 10 % a year. */
  readonly discountRate: number;
}

/** Where a fit stands in the log; `queued` covers running, which only the process that runs it knows. */
export type FitStatus = 'queued' | 'succeeded' | 'failed' | 'cancelled';

/** Why a fit has no numbers: a word for machines, a sentence for people. */
export interface FitReason {
  readonly code: string;
  readonly detail: string;
}

/** A fit that was asked for. */
export interface FitRun {
  readonly runId: EventId;
  readonly request: FitRequest;
  /** Name of the schedule that asked; `null`: somebody did. */
  readonly schedule: string | null;
  /** Role of the API key that asked. */
  readonly actor: string;
  /** Ms since 1970 UTC. */
  readonly requestedAt: number;
  readonly status: FitStatus;
  /** Ms since 1970 UTC; `null` while it is queued. */
  readonly endedAt: number | null;
  /** How many fits of the workspace have ended with this one, from 1: the order of results. 0 while it is queued. */
  readonly ordinal: number;
  /** Of a failed one. */
  readonly reason: FitReason | null;
  /** Of a succeeded one: parameters and how wrong they are. Carried unread; holds no personal data. */
  readonly result: object | null;
}

/** Fits that may wait in a workspace. */
export const MAX_QUEUED_FITS = 20;

/** Fits that are asked for again and again. The cutoff of each is the newest day there is then. */
export interface FitSchedule {
  readonly name: string;
  readonly request: FitRequest;
  /** Hours from one request to the next. */
  readonly everyHours: number;
  /** Role of the API key that set it. */
  readonly actor: string;
  /** Ms since 1970 UTC. */
  readonly setAt: number;
}

/** Schedules of a workspace. */
export const MAX_FIT_SCHEDULES = 20;

import {
  buyingModel,
  chooseTransactionModel,
  type CustomerSummary,
  type FitControl,
  fitTransactionModel,
  historyTable,
  type LifecycleThresholds,
  lifecycleThresholds,
  trackingTable,
  type TrackingRow,
  type TransactionModelName,
} from '#analytics';
import type { FitReason, FitRequest } from '#config';
import { dataDigest } from '../purchases/data-digest.ts';
import { type BookSummary, type PurchaseBook, summariseBook, thinBook } from '../purchases/purchase-book.ts';
import { dateOf, dayOf } from '../utc-day.ts';
import { choosingDays, type FitWindow, heldOutDays } from './fit-plan.ts';
import type { Candidate, FitResult, FittedModel } from './fit-result.ts';
import { fitSpend, spendWarnings } from './fit-spend.ts';
import { modelOf } from './fitted-model.ts';
import { judgeChurn } from './judge-churn.ts';
import { judgeHeldOut } from './judge-held-out.ts';

/** What is fitted. */
export interface FitInput {
  readonly book: PurchaseBook;
  readonly basis: 'purchases' | 'activity';
  /** ISO 4217; empty for activity. */
  readonly currency: string;
  readonly request: FitRequest;
}

/** What a fit came to. */
export type FitOutcome =
  | { readonly outcome: 'fitted'; readonly result: FitResult }
  | { readonly outcome: 'refused'; readonly reason: FitReason }
  | { readonly outcome: 'cancelled' };

/** Steps of a fit, for whoever watches. */
export type FitStep = 'choosing' | 'fitting' | 'judging';

/** Watches and stops a fit. */
export interface FitWatch extends FitControl {
  readonly onStep?: (step: FitStep) => void;
}

/** Models are chosen and judged on so many customers at most: more change no figure that is shown. */
const JUDGED_CUSTOMERS = 100_000;

/** Weeks that a tracking table has at most: twenty years. */
const MOST_WEEKS = 1_040;

/**
 * Fits, chooses and judges: everything about a book that scores need, and how wrong it is. Pure and deterministic;
 * synchronous, so it runs in a thread of its own.
 */
export function fitBook({ book, basis, currency, request }: FitInput, watch: FitWatch = {}): FitOutcome {
  const window = windowOf(book, request);
  if (window === null) return refused('no_purchases', 'Nothing was bought in the window and the currency.');
  const { timeUnit: unit } = request;
  const sample = thinBook(book, JUDGED_CUSTOMERS);
  const summary = summariseBook(book, window.cutoff, unit);
  const thresholds = lifecycleThresholds(gapsOf(sample, window.cutoff));
  const facts = {
    ...factsOf(summary.customers),
    basis,
    currency,
    start: dateOf(window.start),
    cutoff: dateOf(window.cutoff),
    newest: dateOf(window.newest),
    lifecycle: thresholds satisfies LifecycleThresholds,
  };

  watch.onStep?.('fitting');
  const spend = basis === 'purchases' ? fitSpend(summary.customers, watch) : null;
  if (spend !== null && 'outcome' in spend) return spend;
  if (request.model === 'gamma_gamma') {
    if (spend?.fit === null || spend === null) {
      return refused(
        spend?.reason?.code ?? 'no_positive_spend',
        spend?.reason?.detail ?? 'Activity is worth nothing.',
      );
    }
    const dataDigestOf = dataDigest(book, window.cutoff);
    const result = { ...facts, ...spend.fit, spend, dataDigest: dataDigestOf, ...NOTHING_JUDGED };
    return { outcome: 'fitted', result: { ...result, warnings: spendWarnings(spend) } };
  }

  watch.onStep?.('choosing');
  const choice = choose(sample, request, window, watch);
  if (choice.outcome !== 'chosen') return choice;
  watch.onStep?.('fitting');
  const fit = fitTransactionModel(choice.model, historyTable(summary.customers), watch);
  if (fit.outcome === 'cancelled') return fit;
  if (fit.outcome === 'refused') return refused(fit.reason, fit.detail);

  watch.onStep?.('judging');
  const model = modelOf(fit);
  const judged = { ...model, spend, cutoff: window.cutoff, unit };
  const days = heldOutDays(window, request.horizonDays);
  const heldOut = days && judgeHeldOut(sample, judged, days, watch);
  if (heldOut !== null && 'outcome' in heldOut) return heldOut;
  const question = { ...model, window, horizonDays: request.churnHorizonDays, unit };
  const churn = judgeChurn(sample, question, watch);
  if ('outcome' in churn) return churn;
  return {
    outcome: 'fitted',
    result: {
      ...facts,
      ...model,
      dataDigest: dataDigest(book, window.cutoff),
      spend,
      candidates: choice.candidates,
      heldOut,
      tracking: track(book, summary, model, window, unit),
      churn,
      warnings: [
        ...choice.warnings,
        ...(spend === null ? [] : spendWarnings(spend)),
        ...churnWarnings(churn),
      ],
    },
  };
}

const NOTHING_JUDGED = { candidates: [], heldOut: null, tracking: [], churn: null } as const;

function refused(code: string, detail: string): FitOutcome {
  return { outcome: 'refused', reason: { code, detail } };
}

/** The days of a fit; `null` where nothing was bought between them. */
function windowOf(book: PurchaseBook, { start, cutoff }: FitRequest): FitWindow | null {
  if (book.days.length === 0) return null;
  const first = book.days.reduce((least, day) => Math.min(least, day), Infinity);
  const newest = book.days.reduce((most, day) => Math.max(most, day), -Infinity);
  const last = cutoff === null ? newest : dayOf(cutoff);
  if (first > last) return null;
  return { start: start === null ? first : dayOf(start), cutoff: last, newest };
}

type Choice =
  | {
      readonly outcome: 'chosen';
      readonly model: TransactionModelName;
      readonly candidates: readonly Candidate[];
      readonly warnings: readonly string[];
    }
  | Exclude<FitOutcome, { outcome: 'fitted' }>;

function choose(
  book: PurchaseBook,
  { model, horizonDays, timeUnit: unit }: FitRequest,
  window: FitWindow,
  watch: FitWatch,
): Choice {
  if (model !== 'auto' && model !== 'gamma_gamma') {
    return { outcome: 'chosen', model, candidates: [], warnings: [] };
  }
  const days = choosingDays(window, horizonDays);
  const untried = 'The data are too short to hold days out: bg_nbd was taken without a choice.';
  if (days === null) return { outcome: 'chosen', model: 'bg_nbd', candidates: [], warnings: [untried] };
  const earlier = summariseBook(book, days.cutoff, unit);
  const now = summariseBook(book, days.until, unit);
  const nowOf = new Map(now.customers.map((customer, i) => [now.rows[i] as number, customer]));
  const choice = chooseTransactionModel(
    earlier.customers.map((customer, i) => ({
      earlier: customer,
      later: nowOf.get(earlier.rows[i] as number) as CustomerSummary,
    })),
    watch,
  );
  if (choice.outcome === 'cancelled') return choice;
  if (choice.outcome === 'refused') {
    // What is too little to choose by may still be enough to fit.
    const why = `No model could be fitted to the days before ${dateOf(days.cutoff + 1)}: bg_nbd was taken without a choice.`;
    return { outcome: 'chosen', model: 'bg_nbd', candidates: [], warnings: [why] };
  }
  const candidates = choice.candidates.map(({ model: name, fit, heldOutLogLikelihood }): Candidate => {
    const reason = fit.outcome === 'refused' ? { code: fit.reason, detail: fit.detail } : null;
    return { model: name, heldOutLogLikelihood, reason };
  });
  return { outcome: 'chosen', model: choice.model, candidates, warnings: [] };
}

function factsOf(
  customers: readonly CustomerSummary[],
): Pick<FitResult, 'purchaseDays' | 'repeatCustomers' | 'revenue'> {
  let [purchaseDays, repeatCustomers, revenue] = [0, 0, 0];
  for (const { x, totalSpend } of customers) {
    purchaseDays += x + 1;
    repeatCustomers += Number(x > 0);
    revenue += totalSpend;
  }
  return { purchaseDays, repeatCustomers, revenue };
}

/** Days between neighbouring purchases up to a cutoff, all customers together. */
function gapsOf({ customers, starts, days }: PurchaseBook, cutoff: number): number[] {
  const gaps: number[] = [];
  for (let row = 0; row < customers.length; row += 1) {
    for (let i = (starts[row] as number) + 1; i < (starts[row + 1] as number); i += 1) {
      if ((days[i] as number) <= cutoff) gaps.push((days[i] as number) - (days[i - 1] as number));
    }
  }
  return gaps;
}

/** Cumulative purchases of the customers of the cutoff, up to the newest day, beside what the model expects. */
function track(
  book: PurchaseBook,
  { customers, rows }: BookSummary,
  { model, parameters }: FittedModel<TransactionModelName>,
  { start, newest }: FitWindow,
  unit: FitRequest['timeUnit'],
): TrackingRow[] {
  const first = new Map<number, number>();
  const repeat = new Map<number, number>();
  const count = (days: Map<number, number>, day: number): unknown => days.set(day, (days.get(day) ?? 0) + 1);
  customers.forEach(({ firstDay }, i) => {
    const row = rows[i] as number;
    count(first, firstDay);
    for (let at = (book.starts[row] as number) + 1; at < (book.starts[row + 1] as number); at += 1) {
      count(repeat, book.days[at] as number);
    }
  });
  const weeks = Math.min(MOST_WEEKS, Math.floor((newest - start + 1) / 7));
  return trackingTable(buyingModel(model, parameters), { first, repeat }, { start, weeks, unit });
}

function churnWarnings({
  reason,
  recencyWins,
}: {
  reason: string | null;
  recencyWins: boolean | null;
}): string[] {
  const warnings = reason === null ? [] : [reason];
  if (recencyWins === true) {
    warnings.push('Time since the last purchase alone ranks churn at least as well as the model does.');
  }
  return warnings;
}

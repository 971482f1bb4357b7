import type { WarehouseEndpoint } from '#warehouse';
import type { FitOutcome } from '../fit/fit-book.ts';
import type { FitResult } from '../fit/fit-result.ts';
import type { FitJob, FitProgress } from './run-fit.ts';

/** What a thread is asked; one order at a time. */
export interface FitOrder {
  readonly endpoint: WarehouseEndpoint;
  /** One number: 1 stops the order's work at its next step. */
  readonly stop: Int32Array<SharedArrayBuffer>;
  readonly job: FitJob;
  /** Present: score anew by this result instead of fitting. */
  readonly result?: FitResult;
}

/** What an order came to. */
export type FitAnswer =
  | { readonly kind: 'fitted'; readonly outcome: FitOutcome }
  | { readonly kind: 'rescored'; readonly people: number }
  /** `unavailable`: the tables could not be reached, trying again may help. */
  | { readonly kind: 'failed'; readonly unavailable: boolean; readonly message: string };

/** What a thread tells. */
export type FitMessage =
  | { readonly kind: 'progress'; readonly progress: FitProgress }
  /** `memory`: bytes that the thread still holds. */
  | { readonly kind: 'ended'; readonly answer: FitAnswer; readonly memory: number };

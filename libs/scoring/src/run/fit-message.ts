import type { WarehouseEndpoint } from '#warehouse';
import type { FitOutcome } from '../fit/fit-book.ts';
import type { FitResult } from '../fit/fit-result.ts';
import type { FitJob, FitProgress } from './run-fit.ts';

/** What a thread is started with. */
export interface FitOrder {
  readonly endpoint: WarehouseEndpoint;
  /** One number: 1 stops the thread's work at its next step. */
  readonly stop: Int32Array<SharedArrayBuffer>;
  readonly job: FitJob;
  /** Present: score anew by this result instead of fitting. */
  readonly result?: FitResult;
}

/** What a thread tells. */
export type FitMessage =
  | { readonly kind: 'progress'; readonly progress: FitProgress }
  | { readonly kind: 'fitted'; readonly outcome: FitOutcome }
  | { readonly kind: 'rescored'; readonly people: number }
  /** `unavailable`: the tables could not be reached, trying again may help. */
  | { readonly kind: 'failed'; readonly unavailable: boolean; readonly message: string };

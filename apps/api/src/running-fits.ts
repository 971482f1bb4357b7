import type { EventId } from '#kernel';
import type { FitProgress } from '#scoring';

/** What is known of fits under way, wherever they run. */
export abstract class RunningFits {
  /** How far a fit is; `undefined` for one that is not running. */
  abstract progressOf(runId: EventId): FitProgress | undefined;
}

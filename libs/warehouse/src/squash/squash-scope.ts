import type { Override } from '../schema/overrides.ts';
import type { Warehouse } from '../warehouse.port.ts';

/** A squash of one kind of override in one generation. */
export interface SquashScope {
  readonly warehouse: Warehouse;
  readonly generation: number;
  readonly override: Override;
  /** Aborted, the squash ends at its next step; what it began goes on or is begun anew, and no answer changes. */
  readonly signal: AbortSignal;
  /** Told how many parts of a table are still to be rewritten. */
  readonly progress: (partsLeft: number) => void;
}

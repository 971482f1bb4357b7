import type { EventLog } from '#event-log';
import type { Pipeline } from '#projection';
import type { Warehouse } from '#warehouse';

/** What the API reads: the log's head, the current generation of the projections, the warehouse. */
export class Reading {
  constructor(
    readonly log: EventLog,
    readonly warehouse: Warehouse,
    /** The generation that is read now; another one after a rebuild. */
    readonly pipeline: () => Pipeline,
  ) {}
}

import type { Pipeline } from '#projection';
import type { SqlDoor, Warehouse } from '#warehouse';
import { problem } from './access.ts';

/** What reads are answered from, once it is open. */
export interface OpenReads {
  /** The generation that is read now; another one after a rebuild. */
  readonly pipeline: () => Pipeline;
  readonly warehouse: Warehouse;
  readonly door: SqlDoor;
}

/** What the API reads. Touchpoints are taken before it is open; reads then answer 503. */
export class Reading {
  constructor(
    /** `undefined` while projections and warehouse are starting. */
    private readonly opened: () => OpenReads | undefined,
  ) {}

  /** True once projections and warehouse are open. */
  get isOpen(): boolean {
    return this.opened() !== undefined;
  }

  /** The generation of the projections that is read now. Throws 503 while it is starting. */
  pipeline(): Pipeline {
    return this.#open().pipeline();
  }

  /** The tables. Throws 503 while they are starting. */
  get warehouse(): Warehouse {
    return this.#open().warehouse;
  }

  /** The SQL door. Throws 503 while it is starting. */
  get door(): SqlDoor {
    return this.#open().door;
  }

  #open(): OpenReads {
    const opened = this.opened();
    if (opened === undefined)
      throw problem(503, 'Temas is starting: touchpoints are taken, reads come in a moment');
    return opened;
  }
}

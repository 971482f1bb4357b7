/** Events, or appends passed over, between two turns of the event loop; about 1 ms of reading. */
const PER_TURN = 500;

/** Says when a reader has to let the event loop turn: a consumer that never waits must not stop the process. */
export class Turns {
  #spent = 0;

  /** Counts work done; true each time a turn is due. */
  due(work: number): boolean {
    this.#spent += work;
    if (this.#spent < PER_TURN) return false;
    this.#spent = 0;
    return true;
  }
}

import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';

/**
 * The highest position this process knows to be taken. An append that the server answers with a position at or below
 * what was known before it was sent had been written earlier: the server does not tell a repetition otherwise.
 */
export class Horizon {
  #known: Position = ORIGIN;

  /** Every position up to here is taken. */
  get known(): Position {
    return this.#known;
  }

  /** A position was seen in the log. */
  reached(position: Position): void {
    if (position > this.#known) this.#known = position;
  }
}

import type { Selector } from '../selector/selector.ts';
import type { Scope, Unit } from '../stream/scope.ts';

/** Steps at most. */
export const MAX_PATH_STEPS = 30;

/** Names that are told apart; what is rarer counts as {@link OTHER} from the start. */
export const MAX_NAMES = 10_000;

/** Node in front of the first event of a history. */
export const START = '(start)';

/** Node behind its last event. */
export const EXIT = '(exit)';

/** Node of all names of a step that are not answered apart. */
export const OTHER = '(other)';

/**
 * Ways through events. A history is the events of `among` by time, ties by their position in the log; an event is called
 * by its name, a page or screen without one by its path. With `from` it begins at the first event that fits, with `to` it
 * ends with the first one that fits from there on; histories without such an event are left out.
 * `collapse` joins events of the same name that follow one another.
 *
 * Steps are counted from the beginning, with `to` alone backwards from the end, which is then the last step.
 */
export interface PathsDefinition {
  readonly scope: Scope;
  readonly unit: Extract<Unit, 'person' | 'session'>;
  readonly among: Selector;
  readonly from?: Selector;
  readonly to?: Selector;
  readonly steps: number;
  readonly collapse: boolean;
  /** Names answered apart at each step, the most frequent there. */
  readonly top: number;
}

/** True if steps are counted backwards. */
export function endsTogether({ from, to }: PathsDefinition): boolean {
  return to !== undefined && from === undefined;
}

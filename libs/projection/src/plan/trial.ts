import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventId } from '#kernel';
import { createMatcher } from '#identity';
import type { Command, Erasure, IdentityRules, Matcher, Observation } from '#identity';
import { jsonCollection, UnitOfWork } from '#state-store';
import type { StateStore } from '#state-store';

/** Event ids met so far: the first one counts. */
const MET = jsonCollection<1>('plan.met');

/** Observations folded before others get their turn: some 4 ms of work. */
const SLICE = 50;

/** Rows kept between blocks: a plan leaves the memory to the live projections. */
const KEPT_ROWS = 5_000;

/** Identity alone, folded by rules on trial over a state store of its own. */
export class Trial {
  readonly #work: UnitOfWork;
  readonly #matcher: Matcher;

  constructor(
    readonly state: StateStore,
    rules: IdentityRules,
  ) {
    this.#work = new UnitOfWork(state, KEPT_ROWS);
    this.#matcher = createMatcher(() => rules);
  }

  /** Those of a block whose event id is met for the first time. */
  async unmet(observations: readonly Observation[]): Promise<Observation[]> {
    const ids = observations.map(({ eventId }) => eventId);
    await this.#work.load(MET, ids);
    const known = (id: EventId) => this.#work.get(MET, id) !== undefined;
    return observations.filter(({ eventId }) => {
      if (known(eventId)) return false;
      this.#work.set(MET, eventId, 1);
      return true;
    });
  }

  /** Folds a block, each in log order, and commits it. */
  async fold(
    observations: readonly Observation[],
    commands: readonly Command[],
    erasures: readonly Erasure[],
  ): Promise<void> {
    await this.#matcher.load(this.#work, observations);
    const words = [...commands, ...erasures].sort((a, b) => (a.position < b.position ? -1 : 1));
    let next = 0;
    const obeyUntil = async (position: bigint | undefined): Promise<void> => {
      for (; next < words.length; next++) {
        const word = words[next] as Command | Erasure;
        if (position !== undefined && word.position > position) return;
        if ('kind' in word) await this.#matcher.command(this.#work, word);
        else await this.#matcher.erase(this.#work, word);
      }
    };
    for (const [i, observation] of observations.entries()) {
      if (i % SLICE === 0) await nextTurn();
      await obeyUntil(observation.position);
      await this.#matcher.observe(this.#work, observation);
    }
    await obeyUntil(undefined);
    await nextTurn();
    await this.state.commit(this.#work.writes());
    this.#work.committed();
    await nextTurn();
  }
}

import type { EventLog } from '#event-log';
import type { Position } from '#kernel';
import { PROFILE_CHECKPOINT, Progress, rulesOfState, WAREHOUSE_CHECKPOINT } from '#projection';
import type { StateStore } from '#state-store';
import type { Beat } from '../board/board.ts';
import type { Generation, Passed } from './generation.ts';

/** A generation that another process runs: its state is read here, its positions are heard of. */
export class FollowedGeneration implements Generation {
  readonly #profiles = new Progress(0n as Position);
  readonly #warehouse = new Progress(0n as Position);
  readonly profiles: Passed;
  readonly warehouse: Passed;

  private constructor(
    readonly number: number,
    readonly state: StateStore,
    readonly rules: Generation['rules'],
    private readonly beat: () => Beat | undefined,
    somebodyWaits: () => void,
  ) {
    this.profiles = waking(this.#profiles, somebodyWaits);
    this.warehouse = waking(this.#warehouse, somebodyWaits);
  }

  /** Reads a generation from its state. Throws what log and state throw. */
  static async open(
    log: EventLog,
    state: StateStore,
    number: number,
    beat: () => Beat | undefined,
    somebodyWaits: () => void,
  ): Promise<FollowedGeneration> {
    const rules = await rulesOfState(log, state);
    return new FollowedGeneration(number, state, rules, beat, somebodyWaits);
  }

  get caughtUp(): boolean {
    return this.#isOurs(this.beat()) && this.beat()?.caughtUp === true;
  }

  /** True while somebody waits for a position. */
  get awaited(): boolean {
    return this.#profiles.awaited || this.#warehouse.awaited;
  }

  /** Learns how far it is: from its checkpoints, and from a beat where that says more. Throws what the state throws. */
  async look(): Promise<void> {
    this.#profiles.advance((await this.state.checkpoint(PROFILE_CHECKPOINT)) as Position);
    this.#warehouse.advance((await this.state.checkpoint(WAREHOUSE_CHECKPOINT)) as Position);
    const beat = this.beat();
    if (beat === undefined || !this.#isOurs(beat)) return;
    this.#profiles.advance(BigInt(beat.profiles) as Position);
    this.#warehouse.advance(BigInt(beat.warehouse) as Position);
  }

  #isOurs(beat: Beat | undefined): boolean {
    return beat?.generation === this.number && beat.epoch === this.state.epoch;
  }
}

function waking(progress: Progress, somebodyWaits: () => void): Passed {
  return {
    get position() {
      return progress.position;
    },
    reached(position, timeoutMs) {
      const reached = progress.reached(position, timeoutMs);
      somebodyWaits();
      return reached;
    },
  };
}

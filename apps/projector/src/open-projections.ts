import { measureLag } from '#apps/process';
import type { Lag, Metrics } from '#apps/process';
import type { ConfigFollower, FitDesk } from '#config';
import { ErasureRunner } from '#erasure';
import type { ErasureDesk, ErasureRegister } from '#erasure';
import type { Position } from '#kernel';
import { FitRunner } from '#scoring';
import { SqlDoor } from '#warehouse';
import type { Warehouse } from '#warehouse';
import type { Beat, Board } from './board/board.ts';
import { OrderClerk } from './board/order-clerk.ts';
import { LocalErasedProjections } from './erasure/erased-projections.ts';
import type { LocalOperations } from './operation/local-operations.ts';
import type { LocalRulePlans } from './operation/local-rule-plans.ts';
import { rebuildOutdated } from './operation/rebuild-outdated.ts';
import { ProjectionRuntime } from './projection-runtime.ts';
import type { RuntimeParts } from './projection-runtime.ts';
import type { Running } from './projector.ts';
import type { Generation } from './reading/generation.ts';

/** Engines of the projections, and what is asked of them. */
export interface ProjectionsParts extends Omit<RuntimeParts, 'warehouse' | 'monitor' | 'onSubject'> {
  /** Opens the tables; closed with the projections. */
  readonly openWarehouse: () => Promise<Warehouse>;
  readonly config: ConfigFollower;
  readonly fits: FitDesk;
  readonly erasures: ErasureRegister;
  readonly erasureDesk: ErasureDesk;
  readonly metrics: Metrics;
  readonly operations: LocalOperations;
  readonly plans: LocalRulePlans;
  /** Where other processes ask. Absent in a process that is alone. */
  readonly board?: Board;
  /** Closes the stores behind all this, last of all. */
  readonly close: () => Promise<void>;
}

/** The projections of this process with all that works on them: rebuilds, dry runs, fits, the board's orders. */
export class OpenProjections implements Running {
  readonly fitRunner: FitRunner;
  readonly door: SqlDoor;
  readonly #erasureRunner: ErasureRunner;
  readonly #closing = new AbortController();
  #working: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly parts: ProjectionsParts,
    readonly runtime: ProjectionRuntime,
    readonly warehouse: Warehouse,
  ) {
    const { config, fits, workspaces, metrics, now } = parts;
    this.door = new SqlDoor(warehouse);
    this.fitRunner = new FitRunner({
      follower: config,
      desk: fits,
      workspaces,
      tables: () => ({
        warehouse,
        position: () => runtime.current.warehouse.position,
        reached: (position, timeoutMs) => runtime.current.warehouse.reached(position, timeoutMs),
      }),
      onTrouble: (step, error) => metrics.retrying(step, error),
      now,
    });
    this.#erasureRunner = new ErasureRunner({
      register: parts.erasures,
      desk: parts.erasureDesk,
      keys: parts.keys,
      projections: new LocalErasedProjections(runtime, warehouse, this.fitRunner),
      onTrouble: (step, error) => metrics.retrying(step, error),
    });
  }

  /** Opens them where their state stands and begins to follow the log. Throws what the engines throw. */
  static async open(parts: ProjectionsParts): Promise<OpenProjections> {
    let warehouse: Warehouse | undefined;
    let runtime: ProjectionRuntime | undefined;
    try {
      warehouse = await parts.openWarehouse();
      const onSubject: NonNullable<RuntimeParts['onSubject']> = (event) => parts.erasures.take(event);
      runtime = await ProjectionRuntime.open({ ...parts, warehouse, monitor: parts.metrics, onSubject });
      const projections = new OpenProjections(parts, runtime, warehouse);
      await projections.#start();
      return projections;
    } catch (error) {
      await runtime?.stop();
      await warehouse?.close();
      await parts.close();
      throw error;
    }
  }

  /** The generation that is read. */
  generation(): Generation {
    return this.runtime.current;
  }

  /** Position of the log's last event. */
  head(): Promise<Position> {
    return this.parts.log.head();
  }

  /** How far each projection is behind. */
  lags(): Promise<readonly Lag[]> {
    const { profiles, warehouse } = this.runtime.current;
    const { log, now } = this.parts;
    return Promise.all([
      measureLag(log, 'profiles', profiles.position, now()),
      measureLag(log, 'warehouse', warehouse.position, now()),
    ]);
  }

  /** Ends everything after the step under way. */
  async stop(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#working, this.parts.plans.close()]);
    await this.#erasureRunner.close();
    await this.fitRunner.close();
    await this.runtime.stop();
    await this.warehouse.close();
    await this.parts.close();
  }

  async #start(): Promise<void> {
    const { board, metrics, operations, plans } = this.parts;
    const { signal } = this.#closing;
    const work = [rebuildOutdated(() => this.runtime.current.outdated, operations, signal)];
    if (board !== undefined) {
      const clerk = new OrderClerk({
        board,
        operations,
        plans,
        beat: () => this.#beat(),
        onTrouble: (step, error) => metrics.retrying(step, error),
      });
      await clerk.takeOver();
      work.push(clerk.run(signal));
    }
    this.runtime.start();
    this.fitRunner.start();
    this.#erasureRunner.start();
    this.#working = Promise.all(work);
  }

  #beat(): Omit<Beat, 'count'> {
    const { current, generationNumber } = this.runtime;
    return {
      generation: generationNumber,
      epoch: current.state.epoch,
      profiles: current.profiles.position.toString(),
      warehouse: current.warehouse.position.toString(),
      caughtUp: current.caughtUp,
      fit: this.fitRunner.running ?? null,
    };
  }
}

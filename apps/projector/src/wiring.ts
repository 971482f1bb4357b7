import { openWarehouse, WORKSPACES } from '#apps/process';
import type { CoreEngines, Environment, Lag, LogLines, Metrics } from '#apps/process';
import { FitDesk } from '#config';
import { ErasureDesk } from '#erasure';
import type { ErasureRegister } from '#erasure';
import { messageOf, TemasError } from '#kernel';
import type { Lease } from '#state-store';
import { admitAnalysts } from '#warehouse';
import type { Warehouse } from '#warehouse';
import { fencedWarehouse } from './fenced-warehouse.ts';
import { OpenProjections } from './open-projections.ts';
import { LocalOperations } from './operation/local-operations.ts';
import { LocalRulePlans } from './operation/local-rule-plans.ts';
import type { ProjectionRuntime } from './projection-runtime.ts';
import { Projector } from './projector.ts';
import { openStateEngines } from './state-engines.ts';

/** What a projector is wired over. */
export interface ProjectorEngines {
  readonly environment: Environment;
  readonly core: CoreEngines;
  readonly erasures: ErasureRegister;
  readonly metrics: Metrics;
  readonly lines: LogLines;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Deposed projections do not stop: only the end of the process ends them. */
  readonly onStuck: () => void;
}

/** A projector over its engines, active or waiting, and what operators ask of it. */
export interface WiredProjector {
  readonly projector: Projector<OpenProjections>;
  readonly operations: LocalOperations;
  readonly plans: LocalRulePlans;
  /** How far each projection is behind; none while this projector is not active. */
  readonly lags: () => Promise<readonly Lag[]>;
  close(): Promise<void>;
}

/** Nothing is read or built here: the projections are opening, or another process runs them. */
class NotActive extends TemasError {
  constructor() {
    super('PROJECTOR.NOT_ACTIVE', 'the projections are not open here; ask again in a moment');
  }
}

/** Wires a projector; it begins to wait for its lease. Throws what the state engines throw. */
export async function wireProjector(engines: ProjectorEngines): Promise<WiredProjector> {
  const { environment, core, erasures, metrics, lines, now, onStuck } = engines;
  const { log, keys, config } = core;
  const state = await openStateEngines(environment);
  const runtime = (): ProjectionRuntime => {
    const { running } = projector;
    if (running === undefined) throw new NotActive();
    return running.runtime;
  };
  const lags = async (): Promise<readonly Lag[]> => (await projector.running?.lags()) ?? [];
  const operations = new LocalOperations({ lags, rebuild: (progress) => runtime().rebuild(progress) });
  const plans = new LocalRulePlans((trial) => runtime().planRules(trial));
  const fits = new FitDesk({ log, follower: config, now });
  const erasureDesk = new ErasureDesk({ log, register: erasures, now });
  const open = async (lease: Lease): Promise<OpenProjections> => {
    const shared = await state.openBoard(lease);
    const states = await state.openStores(lease).catch(async (error: unknown) => {
      await shared?.store.close();
      throw error;
    });
    const projections = await OpenProjections.open({
      ...{ log, keys, config, fits, erasures, erasureDesk, metrics, operations, plans, now, states },
      workspaces: WORKSPACES,
      squashAfter: environment.TEMAS_SQUASH_AFTER,
      openWarehouse: async () => fencedWarehouse(await openWarehouse(environment), lease),
      ...(shared === undefined ? {} : { board: shared.board }),
      close: async () => {
        await states.close();
        await shared?.store.close();
      },
    });
    await letAnalystsIn(projections.warehouse, environment, lines);
    return projections;
  };
  const projector = Projector.start({ acquire: state.acquire, open, lines, onStuck });
  return {
    projector,
    operations,
    plans,
    lags,
    async close() {
      await projector.close();
      await state.close();
    },
  };
}

/** A server that lets Temas make no users keeps nobody from anything else. */
async function letAnalystsIn(warehouse: Warehouse, environment: Environment, lines: LogLines): Promise<void> {
  const { CLICKHOUSE_URL: url, TEMAS_CLICKHOUSE_ANALYST_PASSWORD: password } = environment;
  if (url === undefined || password === undefined) return;
  try {
    await admitAnalysts(warehouse, WORKSPACES, password);
  } catch (error) {
    lines.error(
      { error: messageOf(error) },
      'the user of analysts could not be made on the ClickHouse server',
    );
  }
}

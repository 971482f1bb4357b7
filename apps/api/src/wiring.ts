import { HOME, WORKSPACES } from '#apps/process';
import type { Metrics } from '#apps/process';
import type { Operations, RulePlans } from '#apps/projector';
import { ConfigDesk, FitDesk, QualityDesk } from '#config';
import type { ConfigFollower } from '#config';
import { ErasureDesk } from '#erasure';
import type { ErasureRegister } from '#erasure';
import type { EventLog } from '#event-log';
import type { KeyStore } from '#key-store';
import { ApiKeys } from './access.ts';
import type { ApiParts } from './api.module.ts';
import type { Reading } from './reading.ts';
import type { RunningFits } from './running-fits.ts';

/** What an API is wired over. */
export interface ApiEngines {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly config: ConfigFollower;
  readonly erasures: ErasureRegister;
  readonly reading: Reading;
  readonly operations: Operations;
  readonly plans: RulePlans;
  readonly runningFits: RunningFits;
  readonly metrics: Metrics;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Keys of the environment. */
  readonly adminKey: string;
  readonly analystKey: string;
}

/** Wires an API over its engines. */
export function wireApi({ adminKey, analystKey, ...engines }: ApiEngines): ApiParts {
  const { log, keys, config, erasures, reading, operations, plans, runningFits, metrics, now } = engines;
  const apiKeys = new ApiKeys(keys);
  apiKeys.register(adminKey, { role: 'admin', workspace: HOME });
  apiKeys.register(analystKey, { role: 'analyst', workspace: HOME });
  const desk = { log, follower: config, now };
  return {
    keys,
    apiKeys,
    config,
    desk: new ConfigDesk({ ...desk, keys }),
    qualityDesk: new QualityDesk(desk),
    fits: new FitDesk(desk),
    erasures,
    erasureDesk: new ErasureDesk({ log, register: erasures, now }),
    runningFits,
    reading,
    metrics,
    operations,
    plans,
    workspaces: WORKSPACES,
    now,
  };
}

import { Reading, wireApi } from '#apps/api';
import type { ApiParts } from '#apps/api';
import { wireCollector } from '#apps/collector';
import type { CollectorParts } from '#apps/collector';
import { answers, Metrics, openCore } from '#apps/process';
import type { BootstrapKeys, Environment, LogLines, Readiness } from '#apps/process';
import { wireProjector } from '#apps/projector';
import { ErasureRegister } from '#erasure';

/** Everything that runs behind the port: the engines and the projections over them. */
export interface Platform {
  readonly collector: CollectorParts;
  readonly api: ApiParts;
  readonly metrics: Metrics;
  readonly readiness: () => Promise<Readiness>;
  /** Settles when projections and warehouse are open and following the log, or the platform was closed. */
  readonly following: Promise<void>;
  /** Lets work under way end and closes every engine. */
  close(): Promise<void>;
}

/**
 * Opens the engines, embedded or by their URLs, and wires all processes over them (design §3, §9). Answers as soon as
 * touchpoints can be taken; projections and warehouse open meanwhile, and are tried again where they fail: a damaged
 * warehouse keeps nobody from being heard.
 */
export async function openPlatform(
  environment: Environment,
  { masterKey, writeKey, adminKey, analystKey }: BootstrapKeys,
  lines: LogLines,
): Promise<Platform> {
  const now = (): number => Date.now();
  const core = await openCore(environment, masterKey);
  const { log, keys, config } = core;
  const erasures = await ErasureRegister.open(log);
  const metrics = new Metrics(lines, () => wired.lags());
  const wired = await wireProjector({
    ...{ environment, core, erasures, metrics, lines, now },
    onStuck: () => process.exit(1),
  });
  const { projector, operations, plans } = wired;
  const collector = wireCollector({ log, keys, config, metrics, now, writeKey });
  const reading = new Reading(() => projector.running, projector.opened);
  return {
    collector: collector.parts,
    api: wireApi({
      ...{ log, keys, config, erasures, reading, operations, plans, metrics, now, adminKey, analystKey },
      runningFits: { progressOf: (runId) => projector.running?.fitRunner.progressOf(runId) },
    }),
    metrics,
    readiness: () => readinessOf(reading),
    following: projector.opened,
    async close() {
      await wired.close();
      await collector.close();
      await core.close();
    },
  };
}

async function readinessOf(reading: Reading): Promise<Readiness> {
  const { isOpen } = reading;
  const caughtUp = isOpen && reading.generation().caughtUp;
  const warehouse = isOpen && (await answers(() => reading.warehouse.ping()));
  const missing = [
    ...(isOpen ? [] : ['the projections are not open']),
    ...(caughtUp ? [] : ['the projections are catching up with the log']),
    ...(warehouse ? [] : ['the warehouse does not answer']),
  ];
  return {
    missing,
    parts: {
      projections: caughtUp ? 'caught up' : 'catching up with the log',
      warehouse: warehouse ? 'answers' : 'does not answer',
    },
  };
}

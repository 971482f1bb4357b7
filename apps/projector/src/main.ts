import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import {
  answers,
  givenKeys,
  HealthModule,
  logLines,
  Metrics,
  noticeEmbeddedLog,
  openCore,
  readEnvironment,
  requireServers,
  runMain,
  serve,
} from '#apps/process';
import type { Readiness } from '#apps/process';
import { ErasureRegister } from '#erasure';
import type { EventLog } from '#event-log';
import { wireProjector } from './wiring.ts';
import type { WiredProjector } from './wiring.ts';

@Module({})
class ProjectorProcess {}

/** A projector of its own: active, or on standby while another one is. */
async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  requireServers(environment, ['POSTGRES_URL', 'CLICKHOUSE_URL']);
  const { masterKey } = givenKeys(environment, ['masterKey']);
  const lines = logLines('temas-projector');
  noticeEmbeddedLog(environment, lines);
  const core = await openCore(environment, masterKey);
  const erasures = await ErasureRegister.open(core.log);
  const metrics = new Metrics(lines, () => wired.lags());
  const now = (): number => Date.now();
  const onStuck = (): never => {
    lines.error({}, 'deposed projections do not stop; the process ends');
    process.exit(1);
  };
  const wired = await wireProjector({ environment, core, erasures, metrics, lines, now, onStuck });
  metrics.watchRole(() => wired.projector.role === 'active');
  const module: DynamicModule = {
    module: ProjectorProcess,
    imports: [HealthModule.over(metrics, () => readinessOf(core.log, wired))],
  };
  const close = async (): Promise<void> => {
    await wired.close();
    await core.close();
  };
  const url = await serve({ module, ingestPaths: new Set(), close }, environment, lines);
  process.stdout.write(`Temas projects; health at ${url}\n`);
}

/** A projector on standby is ready: it waits for nothing but its turn. */
async function readinessOf(log: EventLog, { projector }: WiredProjector): Promise<Readiness> {
  const { role, running } = projector;
  const hasLog = await answers(() => log.head());
  const warehouse = running === undefined || (await answers(() => running.warehouse.ping()));
  const caughtUp = running === undefined || running.generation().caughtUp;
  return {
    missing: [
      ...(hasLog ? [] : ['the event log does not answer']),
      ...(role === 'starting' ? ['the projections are not open'] : []),
      ...(caughtUp ? [] : ['the projections are catching up with the log']),
      ...(warehouse ? [] : ['the warehouse does not answer']),
    ],
    parts: {
      role,
      log: hasLog ? 'answers' : 'does not answer',
      ...(running === undefined
        ? {}
        : {
            projections: caughtUp ? 'caught up' : 'catching up with the log',
            warehouse: warehouse ? 'answers' : 'does not answer',
          }),
    },
  };
}

runMain('projector', main);

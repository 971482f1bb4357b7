import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ApiModule } from '#apps/api';
import { CollectorModule, INGEST_PATHS } from '#apps/collector';
import { HealthModule, loadKeys, logLines, readEnvironment, serve } from '#apps/process';
import type { LoadedKeys } from '#apps/process';
import { openPlatform } from './platform.ts';
import type { Platform } from './platform.ts';

/** All of Temas in one Nest application. */
@Module({})
class StandaloneModule {
  static over({ collector, api, metrics, readiness }: Platform): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [CollectorModule.over(collector), ApiModule.over(api), HealthModule.over(metrics, readiness)],
    };
  }
}

/** Starts Temas and serves until SIGINT or SIGTERM; then lets work under way end. */
export async function start(): Promise<void> {
  const environment = readEnvironment(process.env);
  const lines = logLines('temas');
  const loaded = loadKeys(environment, environment.TEMAS_DATA_DIR);
  const platform = await openPlatform(environment, loaded.keys, lines);
  const service = {
    module: StandaloneModule.over(platform),
    ingestPaths: INGEST_PATHS,
    close: () => platform.close(),
  };
  greet(await serve(service, environment, lines), loaded);
  void platform.following.then(() => lines.info({}, 'projections follow the log'));
}

/** Generated keys are shown on a terminal only: a log file is no place for them. */
function greet(url: string, { keys, generated, file }: LoadedKeys): void {
  const out: string[] = [`Temas serves ${url}`];
  if (generated.length > 0 && process.stdout.isTTY) {
    const shown = { writeKey: 'write key', adminKey: 'admin key', analystKey: 'analyst key' } as const;
    for (const name of generated) if (name !== 'masterKey') out.push(`  ${shown[name]}: ${keys[name]}`);
  }
  if (generated.length > 0)
    out.push(`  generated keys are kept in ${file}: back this file up, the log cannot be read without it`);
  process.stdout.write(`${out.join('\n')}\n`);
}

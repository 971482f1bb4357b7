import { pino } from 'pino';
import { messageOf } from '#kernel';
import { loadKeys } from './bootstrap-keys.ts';
import type { LoadedKeys } from './bootstrap-keys.ts';
import { readEnvironment } from './environment.ts';
import { createHttpServer } from './http-server.ts';
import { addListeners, BACKLOG } from './listeners.ts';
import { openPlatform } from './platform.ts';

/** Starts Temas and serves until SIGINT or SIGTERM; then lets work under way end. */
export async function start(): Promise<void> {
  const environment = readEnvironment(process.env);
  const lines = pino({ name: 'temas' }, pino.destination({ dest: 2, sync: false }));
  const loaded = loadKeys(environment, environment.TEMAS_DATA_DIR);
  const platform = await openPlatform(environment, loaded.keys, lines);
  const server = await createHttpServer(platform, lines, environment.TEMAS_TRUST_PROXY);
  await server.listen({ host: environment.TEMAS_HOST, port: environment.TEMAS_PORT, backlog: BACKLOG });
  const listeners = addListeners(server.getHttpServer());
  const url = await server.getUrl();
  lines.info({ url }, 'serving');
  greet(url, loaded);
  void platform.following.then(() => lines.info({}, 'projections follow the log'));

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    lines.info({ signal }, 'stopping');
    listeners
      .then((more) => more.forEach((listener) => listener.close()))
      .then(() => server.close())
      .then(() => platform.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          lines.error({ error: messageOf(error) }, 'did not stop cleanly');
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
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

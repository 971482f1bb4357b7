import type { Logger } from 'pino';
import { pino } from 'pino';
import { messageOf } from '#kernel';
import type { Environment } from './environment.ts';
import { createHttpServer } from './http-server.ts';
import type { Served } from './http-server.ts';
import { addListeners, BACKLOG } from './listeners.ts';

/** Log lines of a process, on standard error. */
export function logLines(name: string): Logger {
  return pino({ name }, pino.destination({ dest: 2, sync: false }));
}

/** A process that serves, and how it ends. */
export interface Service extends Omit<Served, 'proxies'> {
  /** Lets work under way end and closes every engine. Called when no request is under way any more. */
  close(): Promise<void>;
}

/**
 * Listens where the environment says and serves until SIGINT or SIGTERM: then no further connection is taken, requests
 * under way are answered, the engines are closed, and the process ends. Answers the bound address.
 */
export async function serve(service: Service, environment: Environment, lines: Logger): Promise<string> {
  const { TEMAS_HOST: host, TEMAS_PORT: port, TEMAS_TRUST_PROXY: proxies } = environment;
  const server = await createHttpServer({ ...service, proxies }, lines);
  await server.listen({ host, port, backlog: BACKLOG });
  const listeners = addListeners(server.getHttpServer());
  const url = await server.getUrl();
  lines.info({ url }, 'serving');

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    lines.info({ signal }, 'stopping');
    listeners
      .then((more) => more.forEach((listener) => listener.close()))
      .then(() => server.close())
      .then(() => service.close())
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
  return url;
}

/** Runs the main function of a process; what it throws ends the process with its message. */
export function runMain(name: string, main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`temas ${name}: ${messageOf(error)}\n`);
    process.exit(1);
  });
}

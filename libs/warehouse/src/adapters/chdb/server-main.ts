import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { messageOf } from '#kernel';
import { Engine } from './engine.ts';
import { HttpServer } from './http-server.ts';

/**
 * The engine's process: `node server-main.js --path <dir>`. The first line of its standard input is the password;
 * the first line of its standard output is `{"port":n}`. It lives as long as its standard input stays open, so a
 * parent that is killed leaves nobody on the directory's lock. Signals are the parent's business: a Ctrl-C reaches
 * the whole process group, and the parent still has rows to hand over then.
 */
async function main(): Promise<void> {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  const { values } = parseArgs({ options: { path: { type: 'string' } }, strict: true });
  if (values.path === undefined) throw new Error('--path is missing');
  const input = createInterface({ input: process.stdin });
  const ended = new Promise<void>((resolve) => input.once('close', resolve));
  const password = await Promise.race([
    new Promise<string>((resolve) => input.once('line', resolve)),
    ended.then(() => {
      throw new Error('standard input ended before the password');
    }),
  ]);
  const engine = await Engine.open(values.path);
  const server = new HttpServer(engine, password);
  const port = await server.listen();
  process.stdout.write(`${JSON.stringify({ port })}\n`);
  await ended;
  await stop(server, engine);
}

/** Statements may end by themselves for 2 s, then are killed; what ignores that for 2 s more dies with the process. */
async function stop(server: HttpServer, engine: Engine): Promise<void> {
  // A plain exit under a running statement crashes inside the engine; acked rows are on disk already.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 4_000).unref();
  setTimeout(() => void engine.kill().catch(() => undefined), 2_000).unref();
  await server.drain();
  await engine.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});

import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { messageOf } from '#kernel';
import { Engine } from './engine.ts';
import { HttpServer, READERS } from './http-server.ts';
import { ResultPipes } from './result-pipes.ts';

/** A parent that stops the child waits for its answers; nobody reads those of a child whose parent has died. */
const STOP = { ownEndMs: 2_000, deathMs: 4_000 };
const ORPHANED = { ownEndMs: 0, deathMs: 1_000 };

/**
 * The engine's process: `node server-main.js --path <dir> --pipes <empty dir> [--port <n>]`. The first line of its standard input
 * is the password; the first line of its standard output is `{"port":n}`. It lives as long as its standard input
 * stays open, so a parent that is killed leaves nobody on the directory's lock; a line `stop` says that the parent
 * is alive and waits. Signals are the parent's business: a Ctrl-C reaches
 * the whole process group, and the parent still has rows to hand over then.
 */
async function main(): Promise<void> {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  const { values } = parseArgs({
    options: { path: { type: 'string' }, pipes: { type: 'string' }, port: { type: 'string' } },
    strict: true,
  });
  const { path, pipes } = values;
  if (path === undefined || pipes === undefined) throw new Error('--path or --pipes is missing');
  // Where memory ends in spite of all limits, the kernel shall take this process and not the collector's.
  await writeFile('/proc/self/oom_score_adj', '500').catch(() => undefined);
  const input = createInterface({ input: process.stdin });
  const ended = new Promise<void>((resolve) => input.once('close', resolve));
  const password = await Promise.race([
    new Promise<string>((resolve) => input.once('line', resolve)),
    ended.then(() => {
      throw new Error('standard input ended before the password');
    }),
  ]);
  let asked = false;
  input.on('line', (line) => (asked ||= line === 'stop'));
  const engine = await Engine.open(path, await ResultPipes.make(pipes, READERS));
  const server = new HttpServer(engine, password);
  const port = await server.listen(Number(values.port ?? 0));
  process.stdout.write(`${JSON.stringify({ port })}\n`);
  await ended;
  if (!asked) await rm(pipes, { recursive: true, force: true });
  await stop(server, engine, asked ? STOP : ORPHANED);
}

/** Statements may end by themselves for a while, then are killed; what ignores that dies with the process. */
async function stop(server: HttpServer, engine: Engine, pauses: typeof STOP): Promise<void> {
  // A plain exit under a running statement crashes inside the engine; acked rows are on disk already.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), pauses.deathMs).unref();
  setTimeout(() => void engine.kill().catch(() => undefined), pauses.ownEndMs).unref();
  await server.drain();
  await engine.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});

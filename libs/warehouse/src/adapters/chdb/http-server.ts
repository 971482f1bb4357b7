import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { decodeBody } from '../../http-interface/body.ts';
import { parseCall, type Call } from '../../http-interface/call.ts';
import { credentialsOf, sameSecret } from '../../http-interface/credentials.ts';
import { EngineError, statusOf, toEngineError } from '../../http-interface/engine-error.ts';
import {
  EXCEPTION_TAG_HEADER,
  exceptionTrailer,
  FAILED_TRAILER,
} from '../../http-interface/exception-trailer.ts';
import { Gate } from '../../http-interface/gate.ts';
import { contentTypeOf } from './content-type.ts';
import type { Engine } from './engine.ts';
import { planCall, type Plan } from './plan.ts';
import { Watch } from './watch.ts';

/** Statements at once: fewer than the 16 threads of the process's pool, so that file work always finds one. */
const RUNNING = 12;
const WAITING = 200;
/** Statements of readers among them, cancelled ones that have not ended yet included: the rest is for inserts. */
export const READERS = 8;
/**
 * Bytes of an answer held back, so that a statement that fails early still fails with its status: as much as a
 * server holds, and more where the caller would rather wait for the end.
 */
const HELD_BACK = 1024 ** 2;
const HELD_BACK_WAITING = 32 * 1024 ** 2;
/** Bytes of a request's body, before and after decompression. */
const MAX_BODY = 256 * 1024 * 1024;

/** ClickHouse's HTTP interface over an {@link Engine}, on a loopback port of its own. */
export class HttpServer {
  readonly #server: Server;
  readonly #gate = new Gate({ running: RUNNING, waiting: WAITING });
  readonly #readers = new Gate({ running: READERS, waiting: WAITING });
  readonly #active = new Set<Promise<void>>();

  constructor(
    private readonly engine: Engine,
    private readonly password: string,
  ) {
    this.#server = createServer((request, response) => {
      const work = this.#answer(request, response).finally(() => this.#active.delete(work));
      this.#active.add(work);
    });
    // Longer than any client keeps a socket: it, not the server, shall be the one to let go.
    this.#server.keepAliveTimeout = 60_000;
  }

  /** Listens on a port of the loopback interface, a free one by itself, and tells which. */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no further requests and waits for those under way. */
  async drain(): Promise<void> {
    this.#server.close();
    this.#server.closeIdleConnections();
    await Promise.allSettled(this.#active);
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://engine');
    const queryId = url.searchParams.get('query_id') ?? randomUUID();
    response.setHeader('X-ClickHouse-Query-Id', queryId.replaceAll(/[^\x20-\x7e]/g, ''));
    response.setHeader('X-ClickHouse-Server-Display-Name', 'temas');
    response.setHeader('X-ClickHouse-Timezone', 'UTC');
    try {
      if (url.pathname === '/ping') {
        response.end('Ok.\n');
        return;
      }
      this.#authenticate(request, url.searchParams);
      const body = await decodeBody(await readBody(request), request.headers['content-encoding'], MAX_BODY);
      const call = parseCall({ query: url.searchParams, headers: request.headers, body });
      const plan = planCall(call);
      const leaveReaders = plan.kind === 'read' ? await this.#readers.enter() : undefined;
      const leave = await this.#gate.enter();
      try {
        await this.#execute(plan, call, response);
      } finally {
        leave();
        leaveReaders?.();
      }
    } catch (error) {
      fail(response, error);
    }
  }

  #authenticate(request: IncomingMessage, query: URLSearchParams): void {
    const { user, password } = credentialsOf(request.headers, query);
    if (user === 'default' && sameSecret(password, this.password)) return;
    throw new EngineError(516, 'AUTHENTICATION_FAILED', `${user}: Authentication failed`);
  }

  async #execute(plan: Plan, call: Call, response: ServerResponse): Promise<void> {
    if (plan.kind === 'insert') {
      const { rowsWritten } = await this.engine.insert(plan.head, plan.data, call);
      response.setHeader('X-ClickHouse-Summary', JSON.stringify({ written_rows: String(rowsWritten) }));
      response.end();
      return;
    }
    if (response.destroyed) return;
    const mark = `/*call:${randomUUID()}*/`;
    const watch = new Watch(() => this.engine.kill(mark));
    const limit = Number(call.settings.get('max_execution_time') ?? 0);
    if (plan.kind === 'read' && limit > 0)
      watch.stopAfter(limit, () => response.headersSent && response.destroy());
    const onClose = (): void => {
      if (!response.writableFinished) watch.stop();
    };
    response.once('close', onClose);
    const chunks = inTime(this.#result(plan, mark, call), watch, limit);
    try {
      await this.#send(chunks, plan, call, response);
    } finally {
      // The statement has ended when its chunks have: only then its place is free.
      await chunks.return(undefined);
      response.off('close', onClose);
      watch.end();
    }
  }

  async *#result(plan: Exclude<Plan, { kind: 'insert' }>, mark: string, call: Call): AsyncGenerator<Buffer> {
    // The mark stands behind the statement: in front it would shift the positions in syntax errors.
    if (plan.kind === 'read') {
      const { head, format, tail } = plan.statement;
      yield* this.engine.read({ head, format, tail: `${tail} ${mark}` }, call);
    } else if (plan.kind === 'stream') yield* this.engine.stream(`${plan.sql} ${mark}`, plan.format, call);
    else if (plan.kind === 'select') yield await this.engine.run(`${plan.sql} ${mark}`, plan.format, call);
    else yield await this.engine.run(plan.sql, plan.format, call);
  }

  async #send(
    chunks: AsyncGenerator<Buffer>,
    plan: Exclude<Plan, { kind: 'insert' }>,
    { gzip, waitEndOfQuery }: Call,
    response: ServerResponse,
  ): Promise<void> {
    const format = plan.kind === 'read' ? plan.statement.format : plan.format;
    const first = await heldBack(chunks, waitEndOfQuery ? HELD_BACK_WAITING : HELD_BACK);
    const tag = randomBytes(8).toString('hex');
    response.writeHead(200, {
      'Content-Type': contentTypeOf(format),
      'X-ClickHouse-Format': format,
      [EXCEPTION_TAG_HEADER]: tag,
      ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
    });
    let failed = false;
    const onError = (error: unknown): Buffer => {
      failed = true;
      return exceptionTrailer(toEngineError(error), tag);
    };
    const source = Readable.from(resumed(first, chunks, onError), { objectMode: false });
    const steps = gzip ? [createGzip({ level: 1, flush: constants.Z_SYNC_FLUSH })] : [];
    await pipeline([source, ...steps, response], { end: false });
    // A port that reads rows must not take the error behind them for some: it is cut off. The door reads on to the
    // end, so that nothing it has not passed on yet is lost, and cuts off its own caller.
    if (failed && plan.kind === 'read') response.addTrailers({ [FAILED_TRAILER]: '1' });
    if (failed && plan.kind !== 'read') response.socket?.destroySoon();
    else response.end();
    await finished(response).catch(() => undefined);
  }
}

async function* inTime(
  chunks: AsyncGenerator<Buffer>,
  watch: Watch,
  limitSeconds: number,
): AsyncGenerator<Buffer> {
  try {
    yield* chunks;
  } catch (error) {
    if (!watch.late) throw error;
    throw new EngineError(159, 'TIMEOUT_EXCEEDED', `Timeout exceeded: maximum: ${limitSeconds} s`, {
      cause: error,
    });
  }
}

async function heldBack(chunks: AsyncGenerator<Buffer>, size: number): Promise<Buffer> {
  const held: Buffer[] = [];
  for (let length = 0; length < size;) {
    const next = await chunks.next();
    if (next.done) break;
    held.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(held);
}

async function* resumed(
  first: Buffer,
  rest: AsyncGenerator<Buffer>,
  onError: (error: unknown) => Buffer,
): AsyncGenerator<Buffer> {
  try {
    if (first.length > 0) yield first;
    yield* rest;
  } catch (error) {
    yield onError(error);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new EngineError(307, 'TOO_MANY_BYTES', `Bodies end at ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function fail(response: ServerResponse, thrown: unknown): void {
  if (response.headersSent || response.destroyed) {
    // A cut answer is the only honest one left: the status is gone.
    response.destroy();
    return;
  }
  const error = toEngineError(thrown);
  response.writeHead(statusOf(error.errorNumber), {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Exception-Code': String(error.errorNumber),
    Connection: error.errorNumber === 307 ? 'close' : 'keep-alive',
  });
  response.end(error.text);
}

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { decodeBody } from '../../http-interface/body.ts';
import { parseCall, type Call } from '../../http-interface/call.ts';
import { credentialsOf, sameSecret } from '../../http-interface/credentials.ts';
import { EngineError, statusOf, toEngineError } from '../../http-interface/engine-error.ts';
import { Gate } from '../../http-interface/gate.ts';
import { contentTypeOf } from './content-type.ts';
import type { Engine } from './engine.ts';
import { planCall, type Plan } from './plan.ts';

/** Statements at once: fewer than the 16 threads of the process's pool, so that file work always finds one. */
const RUNNING = 12;
const WAITING = 200;
/** Bytes of a request's body, before and after decompression. */
const MAX_BODY = 256 * 1024 * 1024;

/** ClickHouse's HTTP interface over an {@link Engine}, on a loopback port of its own. */
export class HttpServer {
  readonly #server: Server;
  readonly #gate = new Gate(RUNNING, WAITING);
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

  /** Listens on a free port of the loopback interface and tells which. */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
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
      const leave = await this.#gate.enter();
      try {
        await this.#execute(call, response);
      } finally {
        leave();
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

  async #execute(call: Call, response: ServerResponse): Promise<void> {
    const plan = planCall(call);
    if (plan.kind === 'insert') {
      const { rowsWritten } = await this.engine.insert(plan.head, plan.data, call);
      response.setHeader('X-ClickHouse-Summary', JSON.stringify({ written_rows: String(rowsWritten) }));
      response.end();
      return;
    }
    const mark = `/*call:${randomUUID()}*/`;
    const onClose = (): void => {
      if (!response.writableFinished) void this.engine.kill(mark).catch(() => undefined);
    };
    response.once('close', onClose);
    try {
      if (response.destroyed) return;
      await this.#send(this.#result(plan, mark, call), plan.format, call.gzip, response);
    } finally {
      response.off('close', onClose);
    }
  }

  async *#result(plan: Exclude<Plan, { kind: 'insert' }>, mark: string, call: Call): AsyncGenerator<Buffer> {
    // The mark stands behind the statement: in front it would shift the positions in syntax errors.
    if (plan.kind === 'stream') yield* this.engine.stream(`${plan.sql} ${mark}`, plan.format, call);
    else if (plan.kind === 'select') yield await this.engine.run(`${plan.sql} ${mark}`, plan.format, call);
    else yield await this.engine.run(plan.sql, plan.format, call);
  }

  /** Nothing is sent before the first chunk is there, so that most errors still come with their status. */
  async #send(
    chunks: AsyncGenerator<Buffer>,
    format: string,
    gzip: boolean,
    response: ServerResponse,
  ): Promise<void> {
    const first = await chunks.next();
    response.writeHead(200, {
      'Content-Type': contentTypeOf(format),
      'X-ClickHouse-Format': format,
      ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
    });
    const source = Readable.from(resumed(first, chunks), { objectMode: false });
    if (gzip) await pipeline(source, createGzip({ level: 1, flush: constants.Z_SYNC_FLUSH }), response);
    else await pipeline(source, response);
  }
}

async function* resumed(
  first: IteratorResult<Buffer, unknown>,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  try {
    if (first.done) return;
    yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
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

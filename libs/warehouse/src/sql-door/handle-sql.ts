import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { TemasError } from '#kernel';
import { decodeBody } from '../http-interface/body.ts';
import { parseCall, type Call } from '../http-interface/call.ts';
import { EngineError, statusOf, toEngineError } from '../http-interface/engine-error.ts';
import { EXCEPTION_TAG_HEADER } from '../http-interface/exception-trailer.ts';
import { encodeMultipart } from '../http-interface/multipart.ts';
import { Gate } from '../http-interface/gate.ts';
import { databaseOf } from '../schema/views.ts';
import type { Warehouse, WarehouseEndpoint } from '../warehouse.port.ts';
import { answerBody } from './answer-body.ts';
import { guardSelect } from './guard-select.ts';
import {
  MAX_EXECUTION_SECONDS,
  READERS_AT_ONCE,
  READERS_AT_ONCE_PER_CALLER,
  READERS_WAITING,
  READERS_WAITING_PER_CALLER,
  readerSettings,
} from './limits.ts';

/** A request at the SQL door, after its key was checked. */
export interface SqlRequest {
  readonly method: string;
  /** Path without the query; one that ends in `/ping` is a ping. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** As it came, at most {@link MAX_SQL_BODY} bytes. */
  readonly body: Buffer;
  /** Who asks, such as the id of the key: callers share the places for statements. Without it all are one. */
  readonly caller?: string;
  /** Aborted when the caller has gone: a statement that has not answered yet is stopped. */
  readonly signal?: AbortSignal;
}

/** The answer; a stream is to be destroyed when the caller has gone, which stops the statement. */
export interface SqlResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | Buffer;
}

/** Bytes of a request's body, before and after decompression: parameters may be long, statements are not. */
export const MAX_SQL_BODY = 16 * 1024 * 1024;

/** Answer headers of the engine that callers see. */
const PASSED = [
  'content-type',
  'content-encoding',
  'x-clickhouse-format',
  'x-clickhouse-query-id',
  'x-clickhouse-timezone',
  'x-clickhouse-summary',
  'x-clickhouse-server-display-name',
  'x-clickhouse-exception-code',
  EXCEPTION_TAG_HEADER,
];

/**
 * After this the answer is cut whatever holds it up: an engine that no longer answers, or a caller that no longer
 * reads and would keep its place for ever. Longer than the engine's own limit, whose error says more.
 */
const DEADLINE_MS = (MAX_EXECUTION_SECONDS + 15) * 1_000;

type ReaderCall = Call & { readonly database: string };

/** The ClickHouse HTTP interface for readers: one statement that only reads, over their workspace's views only. */
export class SqlDoor {
  readonly #gate = new Gate({
    running: READERS_AT_ONCE,
    waiting: READERS_WAITING,
    runningPerCaller: READERS_AT_ONCE_PER_CALLER,
    waitingPerCaller: READERS_WAITING_PER_CALLER,
  });

  constructor(private readonly warehouse: Warehouse) {}

  /** Answers a request; every failure is an answer in ClickHouse's text form. */
  async handle(request: SqlRequest, workspace: string): Promise<SqlResponse> {
    if (request.path.endsWith('/ping')) return text(200, 'Ok.\n');
    if (request.method !== 'GET' && request.method !== 'POST') {
      return failure(new EngineError(1, 'UNSUPPORTED_METHOD', `${request.method} is not supported`));
    }
    try {
      return await this.#answer(request, databaseOf(workspace));
    } catch (error) {
      if (!(error instanceof TemasError)) return failure(toEngineError(error));
      return failure(new EngineError(210, 'NETWORK_ERROR', error.message, { cause: error }));
    }
  }

  async #answer(request: SqlRequest, database: string): Promise<SqlResponse> {
    const body = await decodeBody(request.body, request.headers['content-encoding'], MAX_SQL_BODY);
    const call = parseCall({ query: request.query, headers: request.headers, body });
    if (call.database !== undefined && call.database !== database && call.database !== 'default') {
      throw new EngineError(497, 'ACCESS_DENIED', `Not enough privileges: ${call.database}`);
    }
    if (call.data !== undefined) throw new EngineError(164, 'READONLY', 'Only one SELECT is allowed here');
    // Checked twice: here, so that a wrong setting of the request never waits for a place.
    readerSettings(call.settings, database);
    const leave = await this.#gate.enter(request.caller);
    try {
      const answer = await this.#ask({ ...call, database }, request.signal);
      const late = setTimeout(() => answer.destroy(), DEADLINE_MS);
      answer.once('close', () => {
        clearTimeout(late);
        leave();
      });
      return { status: answer.statusCode ?? 502, headers: passedHeaders(answer), body: answerBody(answer) };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Also the guard's questions need a place: many of them at once would keep the engine from inserts. */
  async #ask(call: ReaderCall, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    signal?.throwIfAborted();
    const guarded = await guardSelect(this.warehouse, call.sql, call.database, call.params);
    if (guarded.outcome === 'refused') throw new EngineError(guarded.code, guarded.type, guarded.message);
    const settings = readerSettings(new Map([...call.settings, ...guarded.settings]), call.database);
    const defaultFormat = guarded.format ?? call.defaultFormat;
    const endpoint = await this.warehouse.endpoint();
    return send({ ...call, sql: guarded.sql, settings, defaultFormat }, endpoint, signal);
  }
}

function passedHeaders(answer: IncomingMessage): Record<string, string> {
  const headers = PASSED.flatMap((name) => {
    const value = answer.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(headers);
}

/** Asks the engine; parameters travel in the body, where no limit on URLs cuts them. */
async function send(
  call: ReaderCall,
  { url, user, password }: WarehouseEndpoint,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  const search = new URLSearchParams([...call.settings]);
  search.set('database', call.database);
  search.set('default_format', call.defaultFormat);
  if (call.queryId !== undefined) search.set('query_id', call.queryId);
  if (call.waitEndOfQuery) search.set('wait_end_of_query', '1');
  if (call.gzip) search.set('enable_http_compression', '1');
  const { contentType, body } = encodeMultipart([
    ['query', call.sql],
    ...[...call.params].map(([name, value]) => [`param_${name}`, value] as const),
  ]);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      `${url}/?${search.toString()}`,
      {
        method: 'POST',
        signal,
        headers: {
          'content-type': contentType,
          'content-length': body.length,
          'x-clickhouse-user': user,
          'x-clickhouse-key': password,
          ...(call.gzip ? { 'accept-encoding': 'gzip' } : {}),
        },
      },
      resolve,
    );
    // Only until the head of the answer: from then on its body has a deadline.
    const late = setTimeout(
      () =>
        outgoing.destroy(new EngineError(159, 'TIMEOUT_EXCEEDED', 'Timeout exceeded: the engine is stuck')),
      DEADLINE_MS,
    );
    outgoing.once('close', () => clearTimeout(late)).once('response', () => clearTimeout(late));
    outgoing.once('error', (error) => {
      const lost = new EngineError(210, 'NETWORK_ERROR', 'The engine does not answer', { cause: error });
      reject(error instanceof EngineError ? error : lost);
    });
    outgoing.end(body);
  });
}

function failure(error: EngineError): SqlResponse {
  return {
    ...text(statusOf(error.errorNumber), error.text),
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-clickhouse-exception-code': String(error.errorNumber),
    },
  };
}

function text(status: number, body: string): SqlResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=UTF-8' }, body: Buffer.from(body) };
}

import type { IncomingHttpHeaders } from 'node:http';
import { isWord } from '../sql-text/statement.ts';
import { lex } from '../sql-text/lexer.ts';
import { parseMultipart } from './multipart.ts';

/** A request of ClickHouse's HTTP interface, taken apart. */
export interface Call {
  /** The statement; where the URL names it, a body that is no data of an INSERT is its continuation. */
  readonly sql: string;
  /** Rows of an INSERT, as they came. */
  readonly data: Buffer | undefined;
  /** `param_*` without the prefix, in ClickHouse's escaped text form. */
  readonly params: ReadonlyMap<string, string>;
  /** Everything of the URL that is a setting of the engine, in its order. */
  readonly settings: ReadonlyMap<string, string>;
  readonly database: string | undefined;
  /** Format for a statement that names none. */
  readonly defaultFormat: string;
  readonly queryId: string | undefined;
  /**
   * True: nothing is sent before the statement has ended, so that an error never cuts a started answer. False:
   * rows are sent as they come, whatever it costs. `undefined`: the caller leaves it open. Answers to readers wait
   * only up to a size, then they come as they are computed, with an error behind the rows.
   */
  readonly waitEndOfQuery: boolean | undefined;
  /** The caller takes a gzip answer and asked for compression. */
  readonly gzip: boolean;
}

/** What a call is read from. `body` is already decompressed. */
export interface RawCall {
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Keys of the URL that speak to the HTTP interface, not to the engine. */
const INTERFACE_KEYS = new Set([
  'query',
  'database',
  'default_format',
  'query_id',
  'user',
  'password',
  'wait_end_of_query',
  'buffer_size',
  'enable_http_compression',
  'http_zlib_compression_level',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'http_response_buffer_size',
  'http_write_exception_in_output_format',
  'cancel_http_readonly_queries_on_client_close',
  'add_http_cors_header',
  'quota_key',
  'stacktrace',
]);

/** Reads a call from URL, headers and body. */
export function parseCall({ query, headers, body }: RawCall): Call {
  const type = headers['content-type'] ?? '';
  const parts = type.startsWith('multipart/') ? parseMultipart(body, type) : undefined;
  const fields = [...query, ...(parts ?? [])];
  const named = query.get('query') ?? parts?.get('query');
  const rest = parts ? Buffer.alloc(0) : body;
  const isInsert = named !== undefined && isWord(lex(named)[0], 'INSERT') && rest.length > 0;
  return {
    sql: isInsert ? named : [named, rest.toString('utf8')].filter((text) => text).join('\n'),
    data: isInsert ? rest : undefined,
    params: new Map(
      fields.filter(([key]) => key.startsWith('param_')).map(([key, value]) => [key.slice(6), value]),
    ),
    settings: new Map(fields.filter(([key]) => !key.startsWith('param_') && !INTERFACE_KEYS.has(key))),
    database: query.get('database') ?? header(headers, 'x-clickhouse-database'),
    defaultFormat: query.get('default_format') ?? header(headers, 'x-clickhouse-format') ?? 'TabSeparated',
    queryId: query.get('query_id') ?? undefined,
    waitEndOfQuery: query.has('wait_end_of_query') ? query.get('wait_end_of_query') === '1' : undefined,
    gzip:
      query.get('enable_http_compression') === '1' &&
      /\bgzip\b/.test(header(headers, 'accept-encoding') ?? ''),
  };
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client';
import { WarehouseUnavailable } from '../../errors.ts';
import type { QueryParams, StreamFormat, Warehouse, WarehouseEndpoint } from '../../warehouse.port.ts';
import { toWarehouseError, wasRefused } from './client-errors.ts';

/** A backend that may come and go: where it answers now. Throws `WarehouseUnavailable` when it does not come. */
export interface Backend {
  endpoint(): Promise<WarehouseEndpoint>;
  close(): Promise<void>;
}

/** Pauses before an insert is tried again; together longer than an engine's start on a large directory. */
const RETRY_PAUSES_MS = [50, 200, 1_000, 3_000];

const REFUSED_RETRIES = 20;
const REFUSED_PAUSE_MS = 50;

const INSERT_SETTINGS = {
  // Defaults of these moved between releases; the promise of the token rests on every one.
  async_insert: 0,
  insert_deduplicate: 1,
  // In parallel the engine cuts more than 10 MB into several blocks, each visible on its own.
  input_format_parallel_parsing: 0,
  // Half a surrogate pair in one text would refuse the whole block, for ever; so it stays as its escape.
  input_format_json_throw_on_bad_escape_sequence: 0,
} as const;

/** {@link Warehouse} through `@clickhouse/client`, whatever engine is behind the URL. */
export class ClientWarehouse implements Warehouse {
  #client: { readonly url: string; readonly client: ClickHouseClient } | undefined;
  #closed = false;
  readonly #active = new Set<Promise<unknown>>();

  /** `insertSettings` are sent with every insert, beside those that its promise rests on. */
  constructor(
    private readonly backend: Backend,
    private readonly insertSettings: ClickHouseSettings = {},
  ) {}

  async insert(table: string, rows: Buffer, columns: readonly string[], token: string): Promise<void> {
    if (rows.length === 0) return;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#ask(async (client) => {
          const { stream } = await client.exec({
            query: `INSERT INTO ${table} (${columns.join(', ')}) FORMAT JSONCompactEachRow`,
            values: Readable.from([rows], { objectMode: false }),
            clickhouse_settings: {
              ...this.insertSettings,
              ...INSERT_SETTINGS,
              insert_deduplication_token: token,
            },
          });
          await finished(stream.resume());
        });
      } catch (error) {
        const pause = RETRY_PAUSES_MS[attempt];
        if (!(error instanceof WarehouseUnavailable) || pause === undefined || this.#closed) throw error;
        await sleep(pause);
      }
    }
  }

  async query<T>(sql: string, params?: QueryParams): Promise<T[]> {
    return this.#ask(async (client) => {
      const result = await client.query({ query: sql, format: 'JSONEachRow', ...bound(params) });
      return result.json<T>();
    });
  }

  async command(sql: string, params?: QueryParams): Promise<void> {
    await this.#ask((client) => client.command({ query: sql, ...bound(params) }));
  }

  async *stream(sql: string, format: StreamFormat): AsyncIterable<Buffer> {
    const { stream } = await this.#ask((client) =>
      client.exec({
        query: `${sql} FORMAT ${format}`,
        clickhouse_settings: { wait_end_of_query: 0 },
      }),
    );
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      throw toWarehouseError(error);
    } finally {
      stream.destroy();
    }
  }

  endpoint(): Promise<WarehouseEndpoint> {
    return this.backend.endpoint();
  }

  async ping(): Promise<boolean> {
    try {
      return (await this.#ask((client) => client.ping({ select: true }))).success;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#active);
    await this.#client?.client.close();
    await this.backend.close();
  }

  async #ask<T>(use: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    if (this.#closed) throw new WarehouseUnavailable('the warehouse is closed');
    const work = this.#tried(use);
    this.#active.add(work);
    try {
      return await work;
    } catch (error) {
      throw toWarehouseError(error);
    } finally {
      this.#active.delete(work);
    }
  }

  /** A refused connection has executed nothing, so anything may be tried again: a crash was not noticed yet. */
  async #tried<T>(use: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await use(await this.#connected());
      } catch (error) {
        if (!wasRefused(error) || attempt === REFUSED_RETRIES) throw error;
        await sleep(REFUSED_PAUSE_MS);
      }
    }
  }

  async #connected(): Promise<ClickHouseClient> {
    const { url, user, password } = await this.backend.endpoint();
    if (this.#client?.url === url) return this.#client.client;
    void this.#client?.client.close();
    const client = createClient({
      url,
      username: user,
      password,
      // Every failure reaches the caller as an exception; the client need not print it too.
      log: { level: ClickHouseLogLevel.OFF },
      request_timeout: 120_000,
      max_open_connections: 32,
      // Below the server's 60 s, or a socket would be used in the moment it is closed.
      keep_alive: { enabled: true, idle_socket_ttl: 20_000 },
      clickhouse_settings: {
        output_format_json_quote_64bit_integers: 1,
        output_format_json_quote_decimals: 1,
      },
    });
    this.#client = { url, client };
    return client;
  }
}

/** Parameters travel in the body: a URL ends at 16 KB, and a statement may be one of them. */
function bound(params: QueryParams | undefined): {
  query_params?: Record<string, unknown>;
  use_multipart_params?: boolean;
} {
  return params === undefined ? {} : { query_params: { ...params }, use_multipart_params: true };
}

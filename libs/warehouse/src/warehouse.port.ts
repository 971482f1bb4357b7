/** Where an engine's ClickHouse HTTP interface answers, and as whom to ask. */
export interface WarehouseEndpoint {
  /** Base URL without a path, such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly user: string;
  /** Never logged: it opens every table for writing. */
  readonly password: string;
}

/** Values of `{name:Type}` placeholders; `Date` becomes a time with milliseconds, 64-bit numbers are `bigint`. */
export type QueryParams = Readonly<Record<string, unknown>>;

/** Output formats that the engine sends row by row, however large the result. */
export type StreamFormat = 'JSONEachRow' | 'JSONCompactEachRow' | 'TabSeparated' | 'CSV';

/** Rows per insert at most: the engine then takes them as one block, in memory on both sides. */
export const MAX_INSERT_ROWS = 10_000;

/**
 * The tables analysts read: a ClickHouse engine behind its HTTP interface (design §3).
 *
 * Methods throw `WarehouseUnavailable` where trying again may help and `WarehouseRejected` where it cannot.
 */
export interface Warehouse {
  /**
   * Inserts rows durably: fsynced by the table's settings before this resolves.
   *
   * The same token again on the same table writes nothing, also after a restart, for the last 1,000 tokens of the
   * table; so this repeats by itself what a lost connection left open. Other rows under a used token are silently
   * dropped: a token must name its rows.
   *
   * @param rows lines of JSONCompactEachRow, UTF-8, values in the order of `columns`; at most
   *   {@link MAX_INSERT_ROWS} lines
   */
  insert(table: string, rows: Buffer, columns: readonly string[], token: string): Promise<void>;

  /** All rows of a SELECT, in memory. 64-bit numbers and decimals come as strings, times as ClickHouse text. */
  query<T>(sql: string, params?: QueryParams): Promise<T[]>;

  /** Runs a statement that answers nothing, such as DDL. */
  command(sql: string, params?: QueryParams): Promise<void>;

  /** The bytes of a SELECT's result as they come; read no faster than consumed. A `break` cancels the query. */
  stream(sql: string, format: StreamFormat): AsyncIterable<Buffer>;

  /** For callers that forward whole requests. Ask anew for each: a restarted engine answers elsewhere. */
  endpoint(): Promise<WarehouseEndpoint>;

  /** True if the engine runs a trivial query now. */
  ping(): Promise<boolean>;

  /** Lets statements under way end, then stops. Idempotent. */
  close(): Promise<void>;
}

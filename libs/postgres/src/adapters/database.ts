import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { isContended, translated } from './driver-errors.ts';

/** How a pool of connections is made. */
export interface DatabaseOptions {
  /** `postgres://…`; TLS as its `sslmode` says. */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** After so many ms the server breaks a statement off. */
  readonly statementTimeoutMs: number;
  /** After so many ms between two statements of a transaction the server ends the connection. */
  readonly idleInTransactionTimeoutMs: number;
  /** Settings of the server, for these connections. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Statements on one connection. */
export interface Session {
  /**
   * Rows as tuples, in the order of the columns; `int8` is a `bigint`, `bytea` a `Buffer`. With parameters the
   * statement is prepared once a connection; without, several may stand in one text. Throws `PostgresUnavailable`,
   * and the driver's `DatabaseError`.
   */
  query<R extends readonly unknown[]>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_CONNECTION_MS = 30_000;
/** The server's own limit comes first; this one is for a server that does not answer at all. */
const SILENCE_MS = 5_000;
const CONTENTION_TRIES = 12;
const CONTENTION_PAUSE_MS = 40;
const INT8 = 20;

/** A bounded pool of connections to one database. A connection that breaks is replaced by the next use. */
export class Database {
  readonly #pool: pg.Pool;
  #closing: Promise<void> | undefined;

  constructor(options: DatabaseOptions) {
    const settings = Object.entries(options.settings ?? {}).map(([name, value]) => `-c ${name}=${value}`);
    this.#pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.applicationName,
      max: options.poolSize,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      statement_timeout: options.statementTimeoutMs,
      query_timeout: options.statementTimeoutMs + SILENCE_MS,
      idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs,
      keepAlive: true,
      // Temas' own connections never hold up the end of a process that closes them.
      allowExitOnIdle: true,
      types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
      ...(settings.length > 0 ? { options: settings.join(' ') } : {}),
    });
    // A lost connection shows in the statement that uses it; without listeners it would end the process.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** One statement in a transaction of its own. See {@link Session.query}. */
  query<R extends readonly unknown[]>(text: string, values?: readonly unknown[]): Promise<R[]> {
    return this.#onClient((session) => session.query<R>(text, values));
  }

  /**
   * Statements in one transaction, begun with `mode` (`ISOLATION LEVEL …`); rolled back if `work` throws. Where two
   * transactions stand in each other's way, `work` is run again. Throws what `work` throws.
   */
  async transaction<T>(work: (session: Session) => Promise<T>, mode = ''): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#onClient((session) => inTransaction(session, work, mode));
      } catch (error) {
        if (!isContended(error) || tried === CONTENTION_TRIES) throw error;
        await pause(Math.random() * CONTENTION_PAUSE_MS * tried);
      }
    }
  }

  /** Waits for the statements under way, then closes the connections. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  async #onClient<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch(rethrow);
    let broken = false;
    const session: Session = {
      query: <R extends readonly unknown[]>(text: string, values?: readonly unknown[]): Promise<R[]> =>
        run<R>(client, text, values).catch((error: unknown) => {
          const told = translated(error);
          broken ||= told !== error;
          throw told;
        }),
    };
    try {
      return await work(session);
    } finally {
      client.release(broken);
    }
  }
}

async function inTransaction<T>(
  session: Session,
  work: (session: Session) => Promise<T>,
  mode: string,
): Promise<T> {
  await session.query(`BEGIN ${mode}`);
  try {
    const result = await work(session);
    await session.query('COMMIT');
    return result;
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function run<R extends readonly unknown[]>(
  client: pg.ClientBase,
  text: string,
  values: readonly unknown[] | undefined,
): Promise<R[]> {
  const prepared = values === undefined ? {} : { name: statementName(text), values: [...values] };
  const config: pg.QueryArrayConfig = { text, rowMode: 'array', ...prepared };
  return (await client.query<unknown[]>(config)).rows as unknown as R[];
}

const names = new Map<string, string>();

/** Texts come from code, a few dozen of them; the names of prepared statements are limited to 63 bytes. */
function statementName(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `temas_${names.size}`));
  return name;
}

function parserOf(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return oid === INT8 ? BigInt : (pg.types.getTypeParser(oid, format ?? 'text') as (text: string) => unknown);
}

function rethrow(error: unknown): never {
  throw translated(error);
}

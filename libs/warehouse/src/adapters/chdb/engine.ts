import type { Session } from 'chdb';
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../http-interface/engine-error.ts';
import { stringLiteral } from '../../sql-text/literal.ts';
import type { InsertHead } from '../../sql-text/statement.ts';
import { memoryBudget } from '../../memory-budget.ts';
import type { ResultPipes } from './result-pipes.ts';

/** What a statement runs under: all of it ends with the statement. */
export interface Scope {
  readonly database: string | undefined;
  /** Applied in order; `readonly` comes last whatever its place, because nothing can be set after it. */
  readonly settings: ReadonlyMap<string, string>;
  readonly params: ReadonlyMap<string, string>;
}

/** A statement with the place of its output clauses between `head` and `tail`. */
export interface OutputStatement {
  readonly head: string;
  readonly format: string;
  readonly tail: string;
}

const INSERT_FORMATS = ['JSONCompactEachRow', 'JSONEachRow', 'CSV', 'CSVWithNames', 'TabSeparated'] as const;

/** Values from this length on (escaping may double it) do not fit a SET statement of the default length. */
const LONG_VALUES = 100_000;
const MOST_SQL = '1000000000';
const LOCK_WAIT_MS = 10_000;
const LOCK_RETRY_MS = 100;
/** Sessions kept that nothing was ever set on. */
const CLEAN_SESSIONS = 16;

/**
 * The chDB engine over one directory.
 *
 * Settings and parameters of a chDB session stay on it (a deduplication token of one insert would silently drop
 * later ones), so a session that anything was set on serves one statement only. Closing one is put off by the
 * package until every statement under way has ended, at about 0.2 MB each; untouched sessions are therefore used
 * again, and inserts, which carry their settings in their own clause, never touch one.
 */
export class Engine {
  readonly #clean: Session[] = [];

  private constructor(
    private readonly chdb: typeof import('chdb'),
    private readonly path: string,
    private readonly first: Session,
    private readonly pipes: ResultPipes,
  ) {}

  /**
   * Opens the directory. Waits up to 10 s for its lock: the child of a killed parent needs a moment to notice. The
   * package is loaded here, not on import, because it throws where it has no build for the platform.
   */
  static async open(path: string, pipes: ResultPipes): Promise<Engine> {
    const chdb = await import('chdb');
    const connectionArgs = [
      `--max_server_memory_usage=${memoryBudget()}`,
      '--background_pool_size=2',
      '--mark_cache_size=268435456',
    ];
    for (let waited = 0; ; waited += LOCK_RETRY_MS) {
      try {
        return new Engine(chdb, path, new chdb.Session(path, { connectionArgs }), pipes);
      } catch (error) {
        if (waited >= LOCK_WAIT_MS) throw error;
        await sleep(LOCK_RETRY_MS);
      }
    }
  }

  /** Runs one statement and gives its whole result. */
  async run(sql: string, format: string, scope: Scope): Promise<Buffer> {
    return this.#within(scope, async (session) => {
      const result = await session.queryAsync(sql, { format });
      return Buffer.from(result.bytes());
    });
  }

  /**
   * The result of one SELECT in chunks. The engine plans it in the calling thread, which costs a millisecond,
   * unless it has subqueries: their values are computed while planning. Those belong to {@link run}.
   */
  async *stream(sql: string, format: string, scope: Scope): AsyncGenerator<Buffer> {
    const session = await this.#open(scope);
    try {
      for await (const chunk of session.queryStream(sql, { format })) yield Buffer.from(chunk.raw());
    } finally {
      this.#release(session, scope);
    }
  }

  /** The result of one reading statement in any format as it is computed; nothing of it runs in this thread. */
  async *read({ head, format, tail }: OutputStatement, scope: Scope): AsyncGenerator<Buffer> {
    if (!/^\w+$/.test(format)) throw new EngineError(73, 'UNKNOWN_FORMAT', `Unknown format ${format}`);
    const session = await this.#open(scope);
    try {
      yield* this.pipes.read((path) =>
        session.queryAsync(`${head} INTO OUTFILE ${stringLiteral(path)} APPEND FORMAT ${format} ${tail}`),
      );
    } finally {
      this.#release(session, scope);
    }
  }

  /** Inserts a block of rows given as bytes; they are never decoded here, so no character can break. */
  async insert(head: InsertHead, data: Buffer, scope: Scope): Promise<{ rowsWritten: number }> {
    const format = INSERT_FORMATS.find((name) => name === head.format);
    if (format === undefined) {
      throw new EngineError(48, 'NOT_IMPLEMENTED', `Inserting ${head.format} is not supported here`);
    }
    const table =
      scope.database === undefined || head.table.includes('.')
        ? head.table
        : `${scope.database}.${head.table}`;
    return this.#within(NO_SCOPE, (session) =>
      session.insert({
        table,
        values: data,
        format,
        ...(head.columns.length > 0 ? { columns: head.columns } : {}),
        settings: Object.fromEntries(scope.settings),
      }),
    );
  }

  /** Stops the statements whose text holds `mark`; without one, all. Does not wait for their end. */
  async kill(mark?: string): Promise<void> {
    const which = mark === undefined ? '1' : `position(query, ${stringLiteral(mark)}) > 0`;
    await this.first.queryAsync(`KILL QUERY WHERE ${which} AND query NOT LIKE 'KILL%' ASYNC`);
  }

  /** Waits for everything under way, then lets go of the directory. */
  async close(): Promise<void> {
    for (const session of this.#clean.splice(0)) session.close();
    await this.chdb.drainPending();
    this.first.close();
    await this.chdb.drainPending();
  }

  async #within<T>(scope: Scope, use: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#open(scope);
    try {
      return await use(session);
    } finally {
      this.#release(session, scope);
    }
  }

  async #open(scope: Scope): Promise<Session> {
    const statements = preamble(scope);
    if (statements.length === 0) return this.#clean.pop() ?? new this.chdb.Session(this.path);
    const session = new this.chdb.Session(this.path);
    try {
      for (const statement of statements) await session.queryAsync(statement);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  #release(session: Session, scope: Scope): void {
    if (preamble(scope).length === 0 && this.#clean.length < CLEAN_SESSIONS) this.#clean.push(session);
    else session.close();
  }
}

const NO_SCOPE: Scope = { database: undefined, settings: new Map(), params: new Map() };

function preamble(scope: Scope): string[] {
  const assignments: [string, string][] = [
    ...scope.settings,
    ...[...scope.params].map(([name, value]): [string, string] => [`param_${name}`, value]),
  ].filter(([name]) => name !== 'readonly');
  const readonly = scope.settings.get('readonly');
  return [
    ...(scope.database === undefined ? [] : [`USE \`${scope.database.replaceAll(/[`\\]/g, '\\$&')}\``]),
    ...(assignments.reduce((sum, [, { length }]) => sum + length, 0) > LONG_VALUES
      ? [set([['max_query_size', MOST_SQL]])]
      : []),
    ...(assignments.length === 0 ? [] : [set(assignments)]),
    ...(readonly === undefined ? [] : [set([['readonly', readonly]])]),
  ];
}

function set(assignments: readonly (readonly [name: string, value: string])[]): string {
  const list = assignments.map(([name, value]) => {
    if (!/^\w+$/.test(name)) throw new EngineError(115, 'UNKNOWN_SETTING', `Setting ${name} is unknown`);
    return `${name} = ${stringLiteral(value)}`;
  });
  return `SET ${list.join(', ')}`;
}

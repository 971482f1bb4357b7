import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEYS } from '../temas-process.ts';
import { PostgresServer } from '../postgres-server.ts';
import { untilItWorks } from '../retry.ts';
import { ClickHouseStandIn } from './clickhouse-stand-in.ts';
import { EventStoreServer, eventStoreStartable } from './eventstore-server.ts';
import { TemasService } from './temas-service.ts';

/** A server that can be killed and started again. */
export interface Killable {
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** Everything of server mode on this machine: servers, two collectors, two projectors, two APIs. */
export class ServerWorld {
  private constructor(
    private readonly dataDir: string,
    /** What every process is started with. */
    readonly env: NodeJS.ProcessEnv,
    readonly postgres: PostgresServer,
    readonly clickhouse: ClickHouseStandIn,
    /** Absent: the processes share the embedded log of this machine. */
    readonly eventstore: EventStoreServer | undefined,
    readonly collectors: readonly TemasService[],
    readonly projectors: readonly TemasService[],
    readonly apis: readonly TemasService[],
  ) {}

  /** Starts it all. Says loudly what does not stand for the real thing. */
  static async start(): Promise<ServerWorld> {
    const dataDir = mkdtempSync(join(tmpdir(), 'temas-server-mode-'));
    const postgres = await PostgresServer.start();
    const clickhouse = await ClickHouseStandIn.start();
    const eventstore = eventStoreStartable() ? await EventStoreServer.start() : undefined;
    const { EVENTSTORE_URL: given } = process.env;
    const eventstoreUrl = eventstore?.url ?? given;
    if (eventstoreUrl === undefined) {
      process.stderr.write(
        '\nNOT CHECKED: server mode on EventStoreDB: neither EVENTSTORE_COMMAND nor EVENTSTORE_URL; ' +
          'the processes share the embedded log\n\n',
      );
    }
    const env = {
      TEMAS_DATA_DIR: dataDir,
      TEMAS_MASTER_KEY: '5'.repeat(64),
      POSTGRES_URL: postgres.url,
      CLICKHOUSE_URL: clickhouse.url,
      EVENTSTORE_URL: eventstoreUrl ?? '',
    };
    const start = (name: TemasService['name']): Promise<TemasService> =>
      untilItWorks(() => TemasService.start(name, env));
    const collectors = [await start('collector'), await start('collector')];
    const projectors = [await start('projector'), await start('projector')];
    const apis = [await start('api'), await start('api')];
    return new ServerWorld(dataDir, env, postgres, clickhouse, eventstore, collectors, projectors, apis);
  }

  /** Ends everything and removes what it stored. */
  async stop(): Promise<void> {
    const services = [...this.collectors, ...this.apis, ...this.projectors];
    await Promise.all(services.map((service) => service.kill()));
    await Promise.all([this.postgres.stop(), this.clickhouse.stop(), this.eventstore?.stop()]);
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The projector that is active, once one is. */
  activeProjector(): Promise<TemasService> {
    return untilItWorks(async () => {
      for (const projector of this.projectors) {
        const told = await projector.readiness().catch(() => undefined);
        if (told?.['role'] === 'active') return projector;
      }
      throw new Error('no projector is active');
    }, 120_000);
  }

  /** Rows of one SELECT at the SQL door of an API, once the tables have passed a position. */
  async sql<T>(query: string, after?: string, api = this.apis[0] as TemasService): Promise<T[]> {
    const search = new URLSearchParams({
      default_format: 'JSONEachRow',
      ...(after === undefined ? {} : { after, wait: '60' }),
    });
    return untilItWorks(async () => {
      const response = await fetch(`${api.url}/sql?${search.toString()}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEYS.analyst}` },
        body: query,
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`SQL door: ${response.status} ${text}`);
      const lines = text.split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as T);
    }, 180_000);
  }

  /** Asks an API with the admin key. */
  async ask<T>(method: string, path: string, body?: unknown, api = this.apis[0] as TemasService): Promise<T> {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${KEYS.admin}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
}

import { ClientWarehouse } from '../adapters/clickhouse/client-warehouse.ts';
import { BadWarehouseUrl } from '../errors.ts';
import type { Warehouse, WarehouseEndpoint } from '../warehouse.port.ts';
import { serverStatement } from './server-statement.ts';

/** A ClickHouse server that runs already. */
export interface ClickHouseOptions {
  /** `http(s)://user:password@host:port`; the user `default` without a password where none is named. */
  readonly url: string;
  /** Cluster that every table is made on, replicated; absent: one server. */
  readonly cluster?: string;
}

/**
 * Inserts into a cluster are answered when most replicas have them, one after another, so that a replica that is lost
 * takes nothing along and the others are known to be complete.
 */
const QUORUM = { insert_quorum: 'auto', insert_quorum_parallel: 0 } as const;

/**
 * The tables of a ClickHouse server or cluster. Nothing is asked yet: a server that is away shows in the first call.
 * Throws `BadWarehouseUrl`.
 */
export function openClickHouse({ url, cluster }: ClickHouseOptions): Warehouse {
  const endpoint = endpointOf(url);
  const { user, password } = endpoint;
  const traits = { user, password, ...(cluster === undefined ? {} : { cluster }) };
  const backend = { endpoint: async () => endpoint, close: async () => undefined };
  const warehouse = new ClientWarehouse(backend, cluster === undefined ? {} : QUORUM);
  return {
    insert: (...args) => warehouse.insert(...args),
    command: (sql, params) => warehouse.command(serverStatement(sql, traits), params),
    query: (...args) => warehouse.query(...args),
    stream: (...args) => warehouse.stream(...args),
    endpoint: () => warehouse.endpoint(),
    ping: () => warehouse.ping(),
    close: () => warehouse.close(),
  };
}

function endpointOf(text: string): WarehouseEndpoint {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || !/^\/?$/.test(url.pathname) || url.search !== '')
    throw new BadWarehouseUrl();
  return {
    url: url.origin,
    user: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
  };
}

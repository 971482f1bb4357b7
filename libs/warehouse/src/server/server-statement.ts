import { stringLiteral } from '../sql-text/literal.ts';

/** How a ClickHouse server differs from the embedded engine. */
export interface ServerTraits {
  /** Whom dictionaries read their tables as: the engine opens a session of its own for them. */
  readonly user: string;
  readonly password: string;
  /** Name of the cluster whose replicas all have every table; absent: one server. */
  readonly cluster?: string;
}

const MADE =
  /^(CREATE DATABASE IF NOT EXISTS|CREATE TABLE IF NOT EXISTS|CREATE DICTIONARY IF NOT EXISTS|CREATE OR REPLACE VIEW|DROP TABLE IF EXISTS|DROP DICTIONARY IF EXISTS|CREATE (?:USER|SETTINGS PROFILE|QUOTA) IF NOT EXISTS|ALTER (?:USER|SETTINGS PROFILE|QUOTA)) ([\w.]+)/;
const RELOADED = /^SYSTEM RELOAD DICTIONARY /;
const GRANTED = /^(GRANT|REVOKE) /;
const ENGINE = /\bENGINE = (\w*)MergeTree(?:\(([^)]*)\))?/;
const DICTIONARY_SOURCE = 'SOURCE(CLICKHOUSE(QUERY ';

/** The same on every replica, another one for each table and replica; the server knows all three. */
const REPLICA_PATH = `'/clickhouse/tables/{uuid}/{shard}', '{replica}'`;

/** As long as a row block of a projector that nobody started again may wait. */
const TOKENS_KEPT_S = 7 * 24 * 3600;

/**
 * A statement of ours as a server needs it. Definitions reach every replica of a cluster, tables are replicated, and
 * a replicated table keeps the tokens of inserts in its log. What changes rows is left as it is: it replicates itself.
 */
export function serverStatement(statement: string, { user, password, cluster }: ServerTraits): string {
  const source = `SOURCE(CLICKHOUSE(USER ${stringLiteral(user)} PASSWORD ${stringLiteral(password)} QUERY `;
  const told = statement.replace(DICTIONARY_SOURCE, () => source);
  if (cluster === undefined) return told;
  const on = `ON CLUSTER ${stringLiteral(cluster)}`;
  if (RELOADED.test(told)) return told.replace(RELOADED, (head) => `${head}${on} `);
  if (GRANTED.test(told)) return told.replace(GRANTED, (head) => `${head}${on} `);
  if (!MADE.test(told)) return told;
  const everywhere = told.replace(MADE, (_all, head: string, name: string) => `${head} ${name} ${on}`);
  return statement.startsWith('CREATE TABLE') ? replicated(everywhere) : everywhere;
}

function replicated(statement: string): string {
  return statement
    .replace(ENGINE, (_all, kind: string, args: string | undefined) => {
      const further = args === undefined || args === '' ? '' : `, ${args}`;
      return `ENGINE = Replicated${kind}MergeTree(${REPLICA_PATH}${further})`;
    })
    .replace(
      /\bnon_replicated_deduplication_window = (\d+)/,
      `replicated_deduplication_window = $1, replicated_deduplication_window_seconds = ${TOKENS_KEPT_S}`,
    );
}

import 'reflect-metadata';
import { plainToInstance, Transform } from 'class-transformer';
import {
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
  validateSync,
} from 'class-validator';
import { TemasError } from '#kernel';
import { SQUASH_AFTER } from '#warehouse';

const KEY_LENGTH = 16;

/** Variables that switch an engine to a server; their names are those that the engines' users know. */
const SERVERS = ['EVENTSTORE_URL', 'POSTGRES_URL', 'CLICKHOUSE_URL'];

/** Environment variables that Temas reads (design §10). Everything else about a start is derived from these. */
export class Environment {
  /** Address to listen on. */
  @IsString()
  @IsNotEmpty()
  TEMAS_HOST: string = '127.0.0.1';

  /** TCP port to listen on; 0 lets the system choose. */
  @Transform(({ value }) => Number(value))
  @IsInt()
  @Min(0)
  @Max(65_535)
  TEMAS_PORT: number = 8080;

  /** Directory of `log/`, `keys/`, `state/` and `clickhouse/`. */
  @IsString()
  @IsNotEmpty()
  TEMAS_DATA_DIR: string = './data';

  /** Write key of workspace `default`, source `default`, trust `server`. Generated if absent. */
  @IsOptional()
  @MinLength(KEY_LENGTH)
  TEMAS_WRITE_KEY?: string;

  /** Key of role `admin`. Generated if absent. */
  @IsOptional()
  @MinLength(KEY_LENGTH)
  TEMAS_ADMIN_KEY?: string;

  /** Key of role `analyst`. Generated if absent. */
  @IsOptional()
  @MinLength(KEY_LENGTH)
  TEMAS_ANALYST_KEY?: string;

  /**
   * Addresses or networks of the proxies in front, separated by commas (`10.0.0.0/8,127.0.0.1`): only what they write
   * into `X-Forwarded-For` is believed. Absent: the address of the connection counts.
   */
  @IsOptional()
  @Matches(/^[0-9a-fA-F.:/]+(?:\s*,\s*[0-9a-fA-F.:/]+)*$/, {
    message: 'TEMAS_TRUST_PROXY must be IP addresses or networks, separated by commas',
  })
  TEMAS_TRUST_PROXY?: string;

  /** Moved identifiers after which they are folded into the stored rows, in the background. */
  @Transform(({ value }) => Number(value))
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  TEMAS_SQUASH_AFTER: number = SQUASH_AFTER;

  /** 32 bytes as 64 hex digits, from which every other key is derived or wrapped. Generated if absent. */
  @IsOptional()
  @Matches(/^[0-9a-fA-F]{64}$/, { message: 'TEMAS_MASTER_KEY must be 64 hex digits (32 bytes)' })
  TEMAS_MASTER_KEY?: string;

  /** The event log is that of EventStoreDB, such as `esdb://user:password@host:2113?tls=true`. Absent: LMDB in `log/`. */
  @IsOptional()
  @Matches(/^(esdb|kurrentdb)(\+discover)?:\/\/\S+$/, {
    message: 'EVENTSTORE_URL must begin with esdb:// or kurrentdb://',
  })
  EVENTSTORE_URL?: string;

  /** Keys and state are in PostgreSQL, such as `postgres://user:password@host:5432/temas`. Absent: `keys/` and `state/`. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/, { message: 'POSTGRES_URL must begin with postgres://' })
  POSTGRES_URL?: string;

  /** The tables are in a ClickHouse server, such as `http://user:password@host:8123`. Absent: the engine in `clickhouse/`. */
  @IsOptional()
  @Matches(/^https?:\/\/\S+$/, { message: 'CLICKHOUSE_URL must begin with http:// or https://' })
  CLICKHOUSE_URL?: string;

  /** Name of the ClickHouse cluster that all tables are made on, replicated. Absent: a single server. */
  @IsOptional()
  @Matches(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, {
    message: 'TEMAS_CLICKHOUSE_CLUSTER must be the name of a cluster',
  })
  TEMAS_CLICKHOUSE_CLUSTER?: string;

  /** Password of the user `analyst` of the ClickHouse server. Absent: no such user is made. */
  @IsOptional()
  @MinLength(KEY_LENGTH)
  TEMAS_CLICKHOUSE_ANALYST_PASSWORD?: string;
}

/** Reads and checks the environment; throws one error that lists every bad variable, without its value. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const given = Object.fromEntries(
    Object.entries(variables).filter(
      ([name, value]) => (name.startsWith('TEMAS_') || SERVERS.includes(name)) && value !== '',
    ),
  );
  const environment = plainToInstance(Environment, given);
  const problems = validateSync(environment).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  if (problems.length > 0) throw new TemasError('CONFIG.INVALID', `environment: ${problems.join('; ')}`);
  return environment;
}

/**
 * Makes sure that a process among several has the servers that it shares with the others. Throws one error
 * `CONFIG.SERVERS_MISSING` that names every absent one.
 */
export function requireServers<N extends 'POSTGRES_URL' | 'CLICKHOUSE_URL'>(
  environment: Environment,
  names: readonly N[],
): asserts environment is Environment & Required<Pick<Environment, N>> {
  const absent = names.filter((name) => environment[name] === undefined);
  if (absent.length === 0) return;
  throw new TemasError(
    'CONFIG.SERVERS_MISSING',
    `${absent.join(', ')} must be set: processes that run apart meet there. \`npm start\` needs none`,
  );
}

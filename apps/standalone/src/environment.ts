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
}

/** Reads and checks the environment; throws one error that lists every bad variable, without its value. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => name.startsWith('TEMAS_') && value !== ''),
  );
  const environment = plainToInstance(Environment, given);
  const problems = validateSync(environment).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  if (problems.length > 0) throw new TemasError('CONFIG.INVALID', `environment: ${problems.join('; ')}`);
  return environment;
}

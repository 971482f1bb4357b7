import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { TemasError } from '#kernel';
import type { Environment } from './environment.ts';

/** The keys that a start needs. Secret, all of them. */
export interface BootstrapKeys {
  readonly writeKey: string;
  readonly adminKey: string;
  readonly analystKey: string;
  /** 64 hex digits. */
  readonly masterKey: string;
}

/** Keys of this start, and which of them were generated now or at an earlier start. */
export interface LoadedKeys {
  readonly keys: BootstrapKeys;
  readonly generated: readonly (keyof BootstrapKeys)[];
  /** File that holds the generated ones, mode 0600. */
  readonly file: string;
}

/**
 * Takes each key from the environment, else from `keys/bootstrap.json`, else makes one and keeps it there. The
 * file is durable before it is used: a master key that a crash loses would make the log unreadable for ever.
 */
export function loadKeys(environment: Environment, dataDir: string): LoadedKeys {
  const folder = join(dataDir, 'keys');
  const file = join(folder, 'bootstrap.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<BootstrapKeys>) : {};
  const given: Partial<BootstrapKeys> = {
    writeKey: environment.TEMAS_WRITE_KEY,
    adminKey: environment.TEMAS_ADMIN_KEY,
    analystKey: environment.TEMAS_ANALYST_KEY,
    masterKey: environment.TEMAS_MASTER_KEY,
  };
  const names = ['writeKey', 'adminKey', 'analystKey', 'masterKey'] as const;
  const generated = names.filter((name) => given[name] === undefined);
  const made = Object.fromEntries(generated.map((name) => [name, stored[name] ?? makeKey(name)]));
  if (generated.some((name) => stored[name] === undefined)) writeDurably(file, { ...stored, ...made });
  const present = Object.fromEntries(names.map((name) => [name, given[name] ?? made[name]]));
  return { keys: present as unknown as BootstrapKeys, generated, file };
}

const VARIABLES = {
  writeKey: 'TEMAS_WRITE_KEY',
  adminKey: 'TEMAS_ADMIN_KEY',
  analystKey: 'TEMAS_ANALYST_KEY',
  masterKey: 'TEMAS_MASTER_KEY',
} as const;

/**
 * Keys of a process among several: the environment alone gives them, the same to all, because a key that one process
 * made no other would know. Throws one error `CONFIG.KEYS_MISSING` that names every absent variable.
 */
export function givenKeys<K extends keyof BootstrapKeys>(
  environment: Environment,
  names: readonly K[],
): Pick<BootstrapKeys, K> {
  const absent = names.map((name) => VARIABLES[name]).filter((name) => environment[name] === undefined);
  if (absent.length > 0) {
    throw new TemasError(
      'CONFIG.KEYS_MISSING',
      `${absent.join(', ')} must be set, to the same for every process: ` +
        'only `npm start`, which is alone, makes its keys itself',
    );
  }
  return Object.fromEntries(names.map((name) => [name, environment[VARIABLES[name]]])) as Pick<
    BootstrapKeys,
    K
  >;
}

function makeKey(name: keyof BootstrapKeys): string {
  if (name === 'masterKey') return randomBytes(32).toString('hex');
  const prefix = { writeKey: 'wk', adminKey: 'admin', analystKey: 'analyst' }[name];
  return `${prefix}_${randomBytes(24).toString('base64url')}`;
}

function writeDurably(file: string, content: Partial<BootstrapKeys>): void {
  const draft = `${file}.new`;
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, `${JSON.stringify(content, null, 2)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  chmodSync(draft, 0o600);
  renameSync(draft, file);
  const folder = openSync(join(file, '..'), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

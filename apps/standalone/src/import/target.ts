import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadKeys } from '#apps/process';
import { readEnvironment } from '#apps/process';
import { ImportUsage } from './errors.ts';

/** Where touchpoints go, and the write key that opens it. */
export interface Target {
  readonly url: string;
  readonly key: string;
}

/**
 * The target of a call: what it names, else what the environment and the data directory say. Makes no keys: a data
 * directory without any is none of a running Temas. Throws {@link ImportUsage} if there is no key.
 */
export function targetOf(call: { readonly url?: string; readonly key?: string }): Target {
  const environment = readEnvironment(process.env);
  const { TEMAS_HOST: host, TEMAS_PORT: port, TEMAS_DATA_DIR: dataDir, TEMAS_WRITE_KEY: given } = environment;
  const url = call.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const kept = existsSync(join(dataDir, 'keys', 'bootstrap.json'));
  const key = call.key ?? given ?? (kept ? loadKeys(environment, dataDir).keys.writeKey : undefined);
  if (key === undefined) {
    throw new ImportUsage(
      'no write key: give --key or TEMAS_WRITE_KEY, or the TEMAS_DATA_DIR of the running Temas',
    );
  }
  return { url, key };
}

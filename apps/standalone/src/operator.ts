import { setTimeout as pause } from 'node:timers/promises';
import { TemasError } from '#kernel';
import { loadKeys } from '#apps/process';
import { readEnvironment } from '#apps/process';

/** A rebuild as the API tells it. */
export interface Rebuild {
  readonly status: 'none' | 'running' | 'succeeded' | 'failed';
  readonly step?: string;
  readonly position?: string;
  readonly of?: string;
  readonly equal?: boolean;
  readonly message?: string;
  readonly report?: { readonly views: readonly { readonly view: string; readonly equal: boolean }[] };
}

/** `temas rebuild`: asks the running Temas to rebuild, and shows how far it is. Going away does not stop it. */
export async function rebuild(): Promise<void> {
  const state = await watchRebuild(await ask<Rebuild>('POST', '/v1/projections/rebuild'));
  if (state.status !== 'succeeded')
    throw new TemasError('CLI.REBUILD_FAILED', state.message ?? 'the rebuild ended');
  for (const { view, equal } of state.report?.views ?? []) {
    process.stdout.write(`${equal ? 'equal  ' : 'DIFFERS'} ${view}\n`);
  }
}

/** The rebuild under way, or how the last one ended. */
export function rebuildState(): Promise<Rebuild> {
  return ask<Rebuild>('GET', '/v1/projections/rebuild');
}

/** Shows how far a rebuild is, and answers how it ended. */
export async function watchRebuild(begun: Rebuild): Promise<Rebuild> {
  let state = begun;
  while (state.status === 'running') {
    const done = Number((BigInt(state.position ?? 0) * 1000n) / (BigInt(state.of ?? 0) || 1n)) / 10;
    process.stderr.write(`\r${state.step ?? ''} ${Math.min(100, done).toFixed(1)} %   `);
    await pause(200);
    state = await rebuildState();
  }
  process.stderr.write('\n');
  return state;
}

/** `temas digest`: one line per public view: digest, rows, name. */
export async function printDigests(): Promise<void> {
  const { views } = await ask<{ views: Record<string, { rows: number; sha256: string }> }>(
    'GET',
    '/v1/projections/digests',
  );
  for (const [view, { rows, sha256 }] of Object.entries(views))
    process.stdout.write(`${sha256}  ${rows}  ${view}\n`);
}

/** Rows of one SELECT through the SQL door of the running Temas. Throws what it answers if that is no success. */
export async function askSql<T>(sql: string): Promise<T[]> {
  const { url, key } = running();
  const response = await fetch(`${url}/sql?default_format=JSONEachRow`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: sql,
  }).catch((cause: unknown) => {
    throw new TemasError('CLI.NOT_RUNNING', `no Temas answers at ${url}; start it first`, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new TemasError('CLI.REFUSED', text);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** Where Temas answers by the environment, and the key of the one who operates it. */
function running(): { readonly url: string; readonly key: string } {
  const environment = readEnvironment(process.env);
  const { keys } = loadKeys(environment, environment.TEMAS_DATA_DIR);
  return { url: `http://${environment.TEMAS_HOST}:${environment.TEMAS_PORT}`, key: keys.adminKey };
}

/** Asks the running Temas with the admin key. Throws what it answers if that is no success. */
export async function ask<T>(method: string, path: string, json?: unknown): Promise<T> {
  return JSON.parse(await askRaw(method, path, json === undefined ? {} : { json })) as T;
}

/** The same, for an answer that is no JSON where `accept` names another type. */
export async function askRaw(
  method: string,
  path: string,
  { json, accept = 'application/json' }: { readonly json?: unknown; readonly accept?: string },
): Promise<string> {
  const { url, key } = running();
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, accept },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  }).catch((cause: unknown) => {
    throw new TemasError('CLI.NOT_RUNNING', `no Temas answers at ${url}; start it first`, { cause });
  });
  const body = await response.text();
  if (!response.ok) {
    const { detail, errors } = JSON.parse(body) as {
      detail?: string;
      errors?: { field: string; message: string }[];
    };
    const fields = errors?.map(({ field, message }) => `${field} ${message}`) ?? [];
    throw new TemasError('CLI.REFUSED', [detail ?? `status ${response.status}`, ...fields].join('; '));
  }
  return body;
}

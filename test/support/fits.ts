import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KEYS } from './temas-process.ts';
import type { TemasProcess } from './temas-process.ts';

const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));
const CLI = join(ROOT, 'dist/run/temas.js');
const CDNOW = join(ROOT, 'libs/analytics/fixtures/cdnow-sample.txt');
const MAPPING = join(ROOT, 'apps/standalone/src/import/cdnow.mapping.yaml');

/** A fit as the API shows it; what is in `metrics` of the tables stands beside. */
export interface ShownFit {
  readonly runId: string;
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly model: string;
  readonly logLikelihood: number | null;
  readonly parameters: Record<string, number> | null;
  readonly standardErrors: Record<string, number> | null;
  readonly reason: { readonly code: string; readonly detail: string } | null;
  readonly customers: number;
  readonly cutoff: string;
  readonly currency: string;
  readonly basis: string;
  readonly dataDigest: string;
  readonly schedule: string | null;
  readonly spend: { readonly fit: { readonly parameters: Record<string, number> } | null };
  readonly warnings: readonly string[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- figures are read by path, each test checks its own
  readonly [figures: string]: any;
}

/** What a command of the CLI printed, and how it ended. */
export async function runCli(
  temas: TemasProcess,
  dataDir: string,
  args: readonly string[],
): Promise<{ code: number | null; printed: string }> {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    TEMAS_DATA_DIR: dataDir,
    TEMAS_PORT: new URL(temas.url).port,
    TEMAS_WRITE_KEY: KEYS.write,
    TEMAS_ADMIN_KEY: KEYS.admin,
    TEMAS_ANALYST_KEY: KEYS.analyst,
  };
  const child = spawn(process.execPath, [CLI, ...args], { env });
  let printed = '';
  const add = (chunk: Buffer): void => void (printed += chunk.toString('utf8'));
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, printed };
}

/** Imports the CDNOW sample by the CLI; answers the sample id of each user id. */
export async function importCdnow(temas: TemasProcess, dataDir: string): Promise<Map<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'temas-cdnow-'));
  const file = join(folder, 'cdnow.txt');
  copyFileSync(CDNOW, file);
  const { code, printed } = await runCli(temas, dataDir, [
    'import',
    '--url',
    temas.url,
    file,
    '--map',
    MAPPING,
  ]);
  rmSync(folder, { recursive: true });
  if (code !== 0) throw new Error(`the import failed: ${printed}`);
  const ids = new Map<string, number>();
  for (const line of readFileSync(CDNOW, 'utf8').trim().split('\n')) {
    const [master, sample] = line.trim().split(/\s+/) as [string, string];
    ids.set(master, Number(sample));
  }
  return ids;
}

/** Asks for a fit and waits until it has ended. */
export async function fitted(temas: TemasProcess, body: object): Promise<ShownFit> {
  const asked = await temas.call<{ runId: string }>('POST', '/v1/analytics/fits', body);
  if (asked.status !== 202) throw new Error(`${asked.status} ${JSON.stringify(asked.body)}`);
  return ended(temas, asked.body.runId);
}

/** Waits until a fit has ended. */
export async function ended(temas: TemasProcess, runId: string): Promise<ShownFit> {
  for (;;) {
    const { body } = await temas.get<ShownFit>(`/v1/analytics/fits/${runId}`);
    if (body.status !== 'queued' && body.status !== 'running') return body;
    await pause(50);
  }
}

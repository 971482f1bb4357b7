import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { KEYS } from './temas-process.ts';

/** Runs the command as an operator of this Temas does. */
export function cli(
  args: readonly string[],
  url: string,
  dataDir: string,
): { status: number | null; stdout: string } {
  const program = fileURLToPath(new URL('../../dist/run/temas.js', import.meta.url));
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    TEMAS_PORT: new URL(url).port,
    TEMAS_DATA_DIR: dataDir,
    TEMAS_WRITE_KEY: KEYS.write,
    TEMAS_ADMIN_KEY: KEYS.admin,
    TEMAS_ANALYST_KEY: KEYS.analyst,
  };
  const { status, stdout } = spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' });
  return { status, stdout };
}

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Root of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SOURCES = ['apps', 'libs', 'test'];
const BUILDERS = ['bundle.mjs', 'build-tracker.mjs'].map((name) => join(ROOT, 'infra', 'run', name));
const STAMP = join(ROOT, 'dist', '.built');

/** Runs a program in the checkout with our terminal; ends this process if it fails. */
export function run(program, args, env = {}) {
  const { status, signal } = spawnSync(program, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? (signal ? 1 : 0));
}

/** Installs what the lock file names, if that has not been done since it changed. */
export function ensureInstalled() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && mtime(installed) >= mtime(join(ROOT, 'package-lock.json'))) return;
  console.error('temas: installing packages (first start only)');
  // Not `npm ci`: it refuses a lock file without the packages of platforms that the locking machine could not see.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Compiles if a source is newer than the last build. */
export function ensureBuilt() {
  const built = existsSync(STAMP) ? mtime(STAMP) : 0;
  const newest = Math.max(
    mtime(join(ROOT, 'tsconfig.build.json')),
    ...BUILDERS.map(mtime),
    ...SOURCES.map((name) => newestIn(join(ROOT, name))),
  );
  if (built > newest) return;
  console.error('temas: building');
  run(process.execPath, [
    join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  for (const builder of BUILDERS) run(process.execPath, [builder]);
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(STAMP, '');
}

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    newest = Math.max(newest, mtime(join(entry.parentPath ?? entry.path, entry.name)));
  }
  return newest;
}

function mtime(file) {
  return statSync(file).mtimeMs;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) ensureInstalled();

/** Installs and builds if needed (child processes run the build), then runs Jest on one kind of tests. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ROOT, run } from './ensure.mjs';

const [kind = 'all', ...rest] = process.argv.slice(2);
ensureInstalled();
ensureBuilt();
run(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    join(ROOT, 'node_modules/jest/bin/jest.js'),
    '-c',
    'infra/quality/jest.config.mjs',
    ...rest,
  ],
  { TEMAS_TEST_KIND: kind, ...(kind === 'long' ? { TEMAS_LONG: '1' } : {}) },
);

/** Runs the benchmarks beside their limit programs and prints ratios. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, ROOT, run } from './ensure.mjs';

ensureInstalled();
ensureBuilt();
run(process.execPath, [
  '--max-semi-space-size=64',
  join(ROOT, 'dist/test/bench/main.js'),
  ...process.argv.slice(2),
]);

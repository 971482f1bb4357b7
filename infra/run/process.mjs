/** Runs one process of Temas on a checkout: `node infra/run/process.mjs collector | projector | api`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, ROOT } from './ensure.mjs';

const name = process.argv[2];
if (!['collector', 'projector', 'api'].includes(name)) {
  console.error('usage: node infra/run/process.mjs collector | projector | api');
  process.exit(2);
}
ensureInstalled();
ensureBuilt();
await import(pathToFileURL(join(ROOT, 'dist/run', `${name}.js`)).href);

#!/usr/bin/env node
/** The `temas` command on a checkout: installs and builds what is missing, then runs in this very process. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, ROOT } from './ensure.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`temas: Node.js 20.19 or newer is needed; this is ${process.versions.node}`);
  process.exit(1);
}
ensureInstalled();
ensureBuilt();
await import(pathToFileURL(join(ROOT, 'dist/run/temas.js')).href);

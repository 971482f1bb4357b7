import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));

/** Path of a file of the data folder beside the checkout; `undefined`, loudly, where it is absent. */
export function sharedData(name: string): string | undefined {
  const path = join(ROOT, '..', 'shared', 'data', name);
  if (existsSync(path)) return path;
  process.stderr.write(`\n*** NOT CHECKED: ${name} is absent; tests that need it are skipped ***\n`);
  return undefined;
}

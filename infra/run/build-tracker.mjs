/**
 * Builds the browser snippet into `dist/tracker` (or the folder that is named): the script, its add-ons, the snippet
 * to copy, the npm package, `files.json` with sizes and integrity. Prints the sizes and fails if one is too large.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { minifySync } from '@swc/core';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = join(ROOT, 'libs/tracker/src');
const OUT = process.argv[2] ?? join(ROOT, 'dist/tracker');

/** Most bytes of what a page always loads: 3 KB, however they are counted. */
const LIMITS = { 't.js': 3_000 };
const SNIPPET_LIMIT = 1024;

const SCRIPTS = {
  't.js': 'script.ts',
  't.auto.js': 'auto/main.ts',
  't.debug.js': 'debug/main.ts',
  't.site.js': 'site/main.ts',
};

async function bundle(entry, format) {
  const build = await rolldown({
    input: join(SOURCE, entry),
    platform: 'browser',
    transform: { target: 'es2022' },
  });
  const { output } = await build.generate({ format });
  await build.close();
  return output[0].code.trim();
}

/** Properties that no other script and no server reads. */
const OWN_PROPERTIES = '^(stored|bytes)$';

/** Not by rolldown, which leaves functions that are called once: 100 bytes of `t.js`. */
async function minified(entry) {
  const { code } = minifySync(await bundle(entry, 'iife'), {
    ecma: 2022,
    toplevel: true,
    compress: { ecma: 2022, passes: 4, unsafe_arrows: true },
    mangle: { toplevel: true, props: { regex: OWN_PROPERTIES } },
    format: { ecma: 2022, comments: false },
  });
  return code.trim();
}

mkdirSync(join(OUT, 'npm'), { recursive: true });
const files = {};
let tooLarge = false;

function report(name, bytes, gzip, measured, limit) {
  tooLarge ||= measured > limit;
  const verdict = limit === undefined ? '' : `  limit ${limit}${measured > limit ? '  TOO LARGE' : ''}`;
  console.log(
    `tracker: ${name.padEnd(12)} ${String(bytes).padStart(6)} bytes ${String(gzip).padStart(6)} gzip${verdict}`,
  );
}

for (const [name, entry] of Object.entries(SCRIPTS)) {
  const code = await minified(entry);
  const gzip = gzipSync(code, { level: 9 }).length;
  const integrity = `sha384-${createHash('sha384').update(code).digest('base64')}`;
  files[name] = { bytes: code.length, gzip, integrity };
  writeFileSync(join(OUT, name), code);
  report(name, code.length, gzip, gzip, LIMITS[name]);
}

const options = '{key:"WRITE_KEY",host:"https://temas.example.com"}';
const snippet = `<script>${(await minified('loader.ts')).replace('OPTIONS', () => options)}</script>\n`;
writeFileSync(join(OUT, 'snippet.html'), snippet);
report('snippet.html', snippet.length, gzipSync(snippet).length, snippet.length, SNIPPET_LIMIT);

const { version, license } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const types = readFileSync(join(SOURCE, 'tracker-api.ts'), 'utf8');
const start = 'export declare function startTracker(options: TrackerOptions): Tracker;';
writeFileSync(join(OUT, 'npm/index.js'), await bundle('index.ts', 'esm'));
writeFileSync(
  join(OUT, 'npm/index.d.ts'),
  `${types}\n/** The tracker of this page; the first call starts it. On a server its calls do nothing. */\n${start}\n`,
);
writeFileSync(
  join(OUT, 'npm/package.json'),
  `${JSON.stringify(
    {
      name: '@temas/tracker',
      version,
      license,
      type: 'module',
      sideEffects: false,
      exports: { '.': { types: './index.d.ts', default: './index.js' } },
    },
    null,
    2,
  )}\n`,
);
writeFileSync(join(OUT, 'files.json'), `${JSON.stringify(files, null, 2)}\n`);
if (tooLarge) process.exitCode = 1;

/**
 * Joins what each program loads into a few files, `dist/run/<program>.js`: Node spends a millisecond on every module of
 * three thousand, which was most of a start. Engines' bindings and what is loaded on demand stay packages.
 */
import { rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const OUT = join(DIST, 'run');

const PROGRAMS = {
  temas: 'apps/standalone/src/cli.js',
  collector: 'apps/collector/src/main.js',
  projector: 'apps/projector/src/main.js',
  api: 'apps/api/src/main.js',
  'fit-worker': 'libs/scoring/src/run/fit-worker.js',
  'warehouse-engine': 'libs/warehouse/src/adapters/chdb/server-main.js',
};

/** Native code beside them, workers of their own, or tried for and done without. */
const PACKAGES =
  /^(chdb|lmdb|rocksdb-native|sodium-native|pino|pg|echarts|@eventstore\/|@grpc\/|@fastify\/static|@nestjs\/(microservices|websockets|platform-express)|class-transformer\/storage)/;

/** A module goes on finding the files beside it where the compiler put it. */
const beside = {
  name: 'beside',
  transform(code, id) {
    if (!id.startsWith(DIST) || !code.includes('import.meta.url')) return null;
    const file = relative(OUT, id).replaceAll(sep, '/');
    const own = `new URL(${JSON.stringify(file)}, import.meta.url).href`;
    return { code: code.replaceAll('import.meta.url', own), map: null };
  },
};

const bundle = await rolldown({
  cwd: dirname(DIST),
  input: Object.fromEntries(Object.entries(PROGRAMS).map(([name, file]) => [name, join(DIST, file)])),
  platform: 'node',
  external: (id) => PACKAGES.test(id),
  plugins: [beside],
  onLog(level, log) {
    // Of packages, their authors are told; what does not resolve is tried for at run time.
    if (level === 'warn' && log.id?.startsWith(DIST)) throw new Error(`${log.code}: ${log.message}`);
  },
});
rmSync(OUT, { recursive: true, force: true });
await bundle.write({
  dir: OUT,
  format: 'esm',
  sourcemap: true,
  keepNames: true,
  entryFileNames: '[name].js',
  // In the same folder, since `beside` counts from there.
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();

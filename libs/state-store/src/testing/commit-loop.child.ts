import { writeSync } from 'node:fs';
import { openRocksStateStore } from '../adapters/rocksdb/rocks-state-store.ts';

/** Rows that every commit overwrites, all with its own number. */
const SHARED_ROWS = 50;

const store = await openRocksStateStore({ path: process.argv[2] as string });
for (let n = (await store.checkpoint('loop')) + 1n; ; n++) {
  const value = Buffer.from(String(n).padEnd(300, '.'));
  const shared = Array.from({ length: SHARED_ROWS }, (_, i) => ({
    collection: 'shared',
    key: `${i}`,
    value,
  }));
  const own = { collection: 'own', key: String(n).padStart(12, '0'), value };
  const { outcome } = await store.commit([...shared, own], [{ name: 'loop', expected: n - 1n, next: n }]);
  // Written after the answer, and without a buffer: what the parent has read was answered.
  writeSync(1, `${outcome} ${n}\n`);
}

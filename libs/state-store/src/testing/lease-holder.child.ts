import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openPostgresLeases } from '../adapters/postgres/postgres-leases.ts';
import { openPostgresStateStore } from '../adapters/postgres/postgres-state-store.ts';

const [url, schema] = process.argv.slice(2) as [string, string];
const say = (line: string): void => void writeSync(1, `${line}\n`);

const leases = await openPostgresLeases({ url, schema, ttlMs: 1_500, pollMs: 200 });
const lease = await leases.acquire('projector', new AbortController().signal);
if (lease === undefined) throw new Error('no lease');
say(`holds ${lease.epoch}`);
lease.lost.addEventListener('abort', () => say(`lost ${lease.epoch}`));
const store = await openPostgresStateStore({ url, schema, name: 'v1', lease });
const holder = Buffer.from(String(lease.epoch));
for (;;) {
  const at = await store.checkpoint('loop');
  const row = { collection: 'rows', key: String(at + 1n).padStart(12, '0'), value: holder };
  try {
    const { outcome } = await store.commit([row], [{ name: 'loop', expected: at, next: at + 1n }]);
    say(`${outcome} ${at + 1n}`);
  } catch (error) {
    say(`refused ${(error as { code: string }).code}`);
    break;
  }
  await pause(10);
}
// A writer that does not stop: without a checkpoint, nothing but the lease is in its way.
const late = await store.commit([{ collection: 'late', key: String(lease.epoch), value: holder }]).then(
  ({ outcome }) => outcome,
  (error: unknown) => (error as { code: string }).code,
);
say(`late ${late}`);
await pause(60_000);

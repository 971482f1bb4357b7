import { MASTER_KEY, people, touchAll } from '../contract-fixtures.ts';
import { openPostgresKeyStore } from '../adapters/postgres/open-postgres-key-store.ts';

const [url, schema, order] = process.argv.slice(2) as [string, string, 'forwards' | 'backwards'];
const store = await openPostgresKeyStore({ url, schema, masterKey: MASTER_KEY });
const all = people(1_000);
if (order === 'backwards') all.reverse();
const found: [string, string][] = [];
for (let at = 0; at < all.length; at += 50) {
  // Several calls at once, of people that the other processes mint at the same moment.
  const chunk = all.slice(at, at + 50);
  const halves = await Promise.all([touchAll(store, chunk.slice(0, 30)), touchAll(store, chunk.slice(20))]);
  const resolved = [...halves[0], ...halves[1].slice(10)];
  chunk.forEach(({ value }, i) =>
    found.push([value, `${resolved[i]?.anchorRef} ${resolved[i]?.key.toString('hex')}`]),
  );
}
await store.close();
process.stdout.write(JSON.stringify(found.sort()));

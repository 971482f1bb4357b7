/**
 * Appends to two streams in turn for ever, and prints `<stream> <revision> <position> <ids>` once each append is
 * acknowledged. Usage: append-until-killed.mjs <directory of the log>
 */
import { randomUUID } from 'node:crypto';
import { openLmdbEventLog } from '../index.ts';

const log = await openLmdbEventLog({ path: process.argv[2] });

async function lane(stream) {
  let expected = (await log.lastRevision(stream)) ?? 'noStream';
  for (;;) {
    const events = Array.from({ length: 1 + Math.floor(Math.random() * 40) }, () => {
      const id = randomUUID();
      return { id, type: 'Tested', metadata: Buffer.from(id), data: Buffer.alloc(600, id) };
    });
    const { revision, position } = await log.append(stream, events, expected);
    console.log(`${stream} ${revision} ${position} ${events.map((event) => event.id).join()}`);
    expected = revision;
  }
}

await Promise.all(['touchpoint-a', 'touchpoint-b', 'profile-a'].map(lane));

/**
 * Appends until the log refuses, tries three times more and prints what came of it as JSON. Run it under a limit of
 * file size. Usage: append-until-full.mjs <directory of the log>
 */
import { randomUUID } from 'node:crypto';
import { openLmdbEventLog } from '../index.ts';

const log = await openLmdbEventLog({ path: process.argv[2] });
const newEvent = () => ({
  id: randomUUID(),
  type: 'Tested',
  metadata: Buffer.alloc(0),
  data: Buffer.alloc(100_000),
});

let acknowledged = 0;
const refusals = [];
while (refusals.length < 4) {
  try {
    await log.append(
      'touchpoint-a',
      [newEvent()],
      acknowledged === 0 ? 'noStream' : BigInt(acknowledged - 1),
    );
    acknowledged++;
  } catch (error) {
    refusals.push(error.code);
  }
}
const last = Number(await log.lastRevision('touchpoint-a'));
await log.close();
console.log(JSON.stringify({ acknowledged, refusals, last }));

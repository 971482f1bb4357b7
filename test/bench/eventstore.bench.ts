import { randomBytes, randomUUID } from 'node:crypto';
import { EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import type { EventData } from '@eventstore/db-client';
import { GroupCommitter, openEventStoreLog } from '#event-log';
import type { EventLog, ExpectedRevision, NewEvent } from '#event-log';
import { compare } from './report.ts';

const ARRAYS = 400;
const ARRAY = 100;
const IN_FLIGHT = 8;
const BODY_BYTES = 600;
const RUNS = 3;

/** Appends of the same arrays to EventStoreDB: a bare loop on the client, the port, and the group committer on it. */
export async function benchEventStore(): Promise<void> {
  const url = process.env['EVENTSTORE_URL'];
  if (url === undefined) {
    process.stdout.write('EVENTSTORE_URL IS NOT SET: appends to EventStoreDB were NOT measured\n\n');
    return;
  }
  await bare(url, arrays(50));
  const log = await openEventStoreLog({ url });
  await throughPort(log, arrays(50));
  await log.close();

  const port: { ours: number; limit: number }[] = [];
  const committer: { ours: number; limit: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const limit = await bare(url, arrays(ARRAYS));
    // One appending client at a time: calls of two clients in one process share a table.
    const opened = await openEventStoreLog({ url });
    port.push({ ours: await throughPort(opened, arrays(ARRAYS)), limit });
    committer.push({ ours: await throughCommitter(opened, arrays(ARRAYS)), limit });
    await opened.close();
  }
  const what = `arrays of ${ARRAY}, ${IN_FLIGHT} in flight, ${BODY_BYTES} B`;
  compare(`EventStoreDB, append of ${what}, through the port`, 'bare client', port, 'floor 0.45, aim 0.7');
  compare(
    `EventStoreDB, requests of ${ARRAY}, group committer`,
    'bare client',
    committer,
    'floor 0.45, aim 0.7',
  );
}

/** What a collector appends: an envelope and a sealed body. */
function arrays(count: number): NewEvent[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: ARRAY }, () => {
      const eventId = randomUUID();
      const refs = [
        { ns: 'anonymous_id', ref: '4611686018427387904', strength: 0 },
        { ns: 'email', ref: '4611686018427387905', strength: 1 },
      ];
      const envelope = {
        eventId,
        workspace: 'default',
        source: 'default',
        kind: 'track',
        schema: 1,
        receivedAt: 1767225600000,
        at: 1767225600000,
        index: 0,
        rules: 1,
        alg: 'xc1',
        refs,
      };
      const metadata = Buffer.from(JSON.stringify(envelope));
      return { id: eventId, type: 'TouchpointReceived', metadata, data: randomBytes(BODY_BYTES) };
    }),
  );
}

/** Events a second of a loop that only appends. */
async function bare(url: string, work: readonly NewEvent[][]): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const proposed = work.map((events) =>
    events.map((event): EventData => ({
      ...event,
      contentType: 'application/octet-stream',
      data: new Uint8Array(event.data),
      metadata: new Uint8Array(event.metadata),
    })),
  );
  const rate = await timed(proposed, async (next) => {
    const stream = `touchpoint-bench.bare.${randomUUID()}`;
    let expected: bigint | typeof NO_STREAM = NO_STREAM;
    for (let events = next(); events !== undefined; events = next()) {
      const result: { nextExpectedRevision: bigint } = await client.appendToStream(stream, events, {
        expectedRevision: expected,
      });
      expected = result.nextExpectedRevision;
    }
  });
  await client.dispose();
  return rate;
}

async function throughPort(log: EventLog, work: readonly NewEvent[][]): Promise<number> {
  return timed(work, async (next) => {
    const stream = `touchpoint-bench.port.${randomUUID()}`;
    let expected: ExpectedRevision = 'noStream';
    for (let events = next(); events !== undefined; events = next()) {
      const result = await log.append(stream, events, expected);
      if (result.outcome === 'conflict') throw new Error(`${stream} has a second writer`);
      expected = result.revision;
    }
  });
}

async function throughCommitter(log: EventLog, work: readonly NewEvent[][]): Promise<number> {
  const committer = new GroupCommitter(log, Date.now, IN_FLIGHT);
  const clients = 2 * IN_FLIGHT;
  return timed(
    work,
    async (next) => {
      for (let events = next(); events !== undefined; events = next())
        await committer.commit('bench.bench', events);
    },
    clients,
  );
}

async function timed<T>(
  work: readonly T[],
  worker: (next: () => T | undefined) => Promise<void>,
  workers = IN_FLIGHT,
): Promise<number> {
  let at = 0;
  const start = performance.now();
  await Promise.all(Array.from({ length: workers }, () => worker(() => work[at++])));
  return (work.length * ARRAY * 1000) / (performance.now() - start);
}

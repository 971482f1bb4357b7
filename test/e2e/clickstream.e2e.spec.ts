import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { clickstreamBatches } from '../support/clickstream.ts';
import { untilItWorks } from '../support/retry.ts';
import { sharedData } from '../support/shared-data.ts';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

const file = sharedData('clickstream/simple_onlineshop.csv');

interface Digests {
  views: Record<string, { sha256: string; rows: number }>;
}

(file ? describe : describe.skip)('the web shop clickstream', () => {
  const data = makeDataDir();
  const batches = file ? clickstreamBatches(file) : [];
  let temas: TemasProcess;

  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);

  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  async function sendAll(killAfter?: number): Promise<string> {
    let last = '0';
    for (const [i, batch] of batches.entries()) {
      if (i === killAfter) {
        const sending = temas.send('batch', batch).catch(() => undefined);
        await temas.kill();
        await sending;
        temas = await TemasProcess.start(data.path);
      }
      const { body } = await untilItWorks(() => temas.send('batch', batch));
      expect(body.errors).toBeUndefined();
      last = body.position as string;
    }
    return last;
  }

  async function expectTotals(after: string): Promise<void> {
    const [row] = await temas.sql<Record<string, string>>(
      `SELECT (SELECT count() FROM events) AS events, (SELECT uniqExact(event_id) FROM events) AS ids,
              (SELECT count() FROM profiles) AS profiles, (SELECT sum(event_count) FROM profiles) AS counted,
              (SELECT uniqExact(profile_id) FROM events) AS people`,
      after,
    );
    expect(row).toEqual({
      events: '35381',
      ids: '35381',
      profiles: '3751',
      counted: '35381',
      people: '3751',
    });
  }

  it('gives exactly its events and people', async () => {
    await expectTotals(await sendAll());
  }, 120_000);

  it('changes nothing when it is sent again', async () => {
    await expectTotals(await sendAll());
  }, 120_000);

  it('changes nothing when Temas is killed twice in the middle and everything is sent again', async () => {
    await sendAll(20);
    await expectTotals(await sendAll(50));
  }, 180_000);

  it('rebuilds deleted projections from the log to equal digests', async () => {
    // A graceful stop writes down what was counted of repetitions: from here on the log holds all.
    await temas.stop();
    temas = await TemasProcess.start(data.path);
    const { body: before } = await temas.get<Digests>('/v1/projections/digests?wait=60');
    expect(before.views.events?.rows).toBe(35_381);
    await temas.stop();
    rmSync(join(data.path, 'state'), { recursive: true });
    rmSync(join(data.path, 'clickhouse'), { recursive: true });
    temas = await TemasProcess.start(data.path);
    const { body: after } = await temas.get<Digests>('/v1/projections/digests?wait=60');
    expect(after).toEqual(before);
  }, 180_000);

  it('rebuilds beside the live projections to equal digests and switches over', async () => {
    const response = await fetch(`${temas.url}/v1/projections/rebuild`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-admin-key-0123456789' },
    });
    expect(response.status).toBe(202);
    const ended = await untilItWorks(async () => {
      const { body } = await temas.get<{ status: string; equal?: boolean; message?: string }>(
        '/v1/projections/rebuild',
      );
      expect(body.status).not.toBe('running');
      return body;
    }, 120_000);
    expect(ended).toMatchObject({ status: 'succeeded', equal: true });
    const { body } = await temas.send('track', {
      userId: '219483890',
      event: 'after the rebuild',
      messageId: 'late',
    });
    const [row] = await temas.sql<{ n: string }>('SELECT count() AS n FROM events', body.position);
    expect(row?.n).toBe('35382');
  }, 180_000);
});

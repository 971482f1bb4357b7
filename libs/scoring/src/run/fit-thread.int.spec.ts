import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FitRequest } from '#config';
import type { EventId, Workspace } from '#kernel';
import { createViews, migrate, startEmbeddedWarehouse, type Warehouse } from '#warehouse';
import { FitThreadEnded } from '../errors.ts';
import type { FitJob } from './run-fit.ts';
import { FitThread } from './fit-thread.ts';

const WORKSPACE = 'default' as Workspace;
const REQUEST: FitRequest = {
  model: 'bg_nbd',
  basis: 'purchases',
  timeUnit: 'week',
  start: null,
  cutoff: null,
  currency: 'USD',
  horizonDays: 365,
  churnHorizonDays: 90,
  margin: 1,
  discountRate: 0.1,
};
const job = (): FitJob => ({ workspace: WORKSPACE, runId: randomUUID() as EventId, request: REQUEST });
const NOBODY = { outcome: 'refused', reason: { code: 'no_purchases' } };

describe('the thread of fits', () => {
  const path = mkdtempSync(join(tmpdir(), 'temas-fit-thread-'));
  let warehouse: Warehouse;
  let thread: FitThread;

  beforeAll(async () => {
    warehouse = await startEmbeddedWarehouse({ path });
    await migrate(warehouse, 1);
    await createViews(warehouse, WORKSPACE, 1);
    thread = new FitThread(warehouse);
  }, 60_000);

  afterAll(async () => {
    await thread.close();
    await warehouse.close();
    rmSync(path, { recursive: true });
  });

  it('takes one order after another', async () => {
    thread.warm();
    for (let n = 0; n < 2; n += 1) {
      const fit = thread.fit(job(), () => undefined);
      expect(thread.busy).toBe(true);
      expect(await fit).toMatchObject(NOBODY);
      expect(thread.busy).toBe(false);
    }
  });

  it('stops the order under way, and not the next', async () => {
    const stopped = thread.fit(job(), () => undefined);
    thread.stop();
    expect(await stopped).toEqual({ outcome: 'cancelled' });
    expect(await thread.fit(job(), () => undefined)).toMatchObject(NOBODY);
  });

  it('fails the order that it ends under, and is started again by the next', async () => {
    let ended: Promise<void> | undefined;
    const lost = thread.fit(job(), () => {
      ended ??= thread.close();
    });
    await expect(lost).rejects.toThrow(FitThreadEnded);
    await ended;
    expect(thread.busy).toBe(false);
    expect(await thread.fit(job(), () => undefined)).toMatchObject(NOBODY);
  });
});

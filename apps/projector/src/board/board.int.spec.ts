import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Workspace } from '#kernel';
import { openRocksStateStore } from '#state-store';
import type { StateStore } from '#state-store';
import { LocalOperations } from '../operation/local-operations.ts';
import { LocalRulePlans } from '../operation/local-rule-plans.ts';
import { Board } from './board.ts';
import { OrderClerk } from './order-clerk.ts';
import { RemoteOperations } from './remote-operations.ts';
import { RemoteRulePlans } from './remote-rule-plans.ts';

const WORKSPACE = 'default' as Workspace;
const ORDER = { workspace: WORKSPACE, changes: {}, base: { version: 0, changes: {} } };

let path: string;
let store: StateStore;
let board: Board;
let ended: (() => void)[];
let closing: AbortController;

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'temas-board-'));
  store = await openRocksStateStore({ path });
  board = new Board(store);
  ended = [];
  closing = new AbortController();
});

afterEach(async () => {
  closing.abort();
  await store.close();
  rmSync(path, { recursive: true });
});

/** A projector's side, whose rebuilds and dry runs go on until the test ends them. */
async function clerk(): Promise<Promise<void>> {
  const until = new Promise<void>((resolve) => ended.push(resolve));
  const operations = new LocalOperations({
    lags: async () => [],
    rebuild: async () => (await until, { equal: true, position: 9n }),
  });
  const plans = new LocalRulePlans(async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return { outcome: 'cancelled' };
  });
  const beat = {
    ...{ generation: 1, epoch: store.epoch, profiles: '5', warehouse: '4' },
    ...{ caughtUp: true, fit: null },
  };
  const parts = { board, operations, plans, beat: () => beat, onTrouble: () => undefined };
  const one = new OrderClerk(parts);
  await one.takeOver();
  return one.run(closing.signal);
}

async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('orders on the board', () => {
  it('are placed once, carried out by the projector and reported', async () => {
    const remote = new RemoteOperations(board, async () => []);
    expect(await remote.rebuildState()).toEqual({ status: 'none' });
    expect(await remote.startRebuild()).toMatchObject({ status: 'running' });
    expect(await remote.startRebuild()).toBeUndefined();
    const running = clerk();
    await until(
      () => board.report('rebuild'),
      (report) => report?.value.status === 'running',
    );
    expect(await remote.startRebuild()).toBeUndefined();
    (
      await until(
        async () => ended[0],
        (end) => end !== undefined,
      )
    )?.();
    const state = await until(
      () => remote.rebuildState(),
      ({ status }) => status !== 'running',
    );
    expect(state).toMatchObject({ status: 'succeeded', equal: true });
    closing.abort();
    await running;
  });

  it('that a projector left unfinished are reported as failed by the next one', async () => {
    const remote = new RemoteOperations(board, async () => []);
    await board.tellReport('rebuild', {
      number: 0,
      value: { status: 'running', step: 'folding', position: '1', of: '2' },
    });
    const running = clerk();
    const state = await until(
      () => remote.rebuildState(),
      ({ status }) => status !== 'running',
    );
    expect(state).toMatchObject({ status: 'failed' });
    closing.abort();
    await running;
  });

  it('also begin and cancel dry runs, and a beat tells how far the projector is', async () => {
    const remote = new RemoteRulePlans(board);
    expect(await remote.cancel(WORKSPACE)).toBeUndefined();
    const running = clerk();
    expect(await remote.start(ORDER)).toMatchObject({ status: 'running' });
    await until(
      () => board.report('plan'),
      (report) => report?.value.state.status === 'running',
    );
    expect(await remote.start(ORDER)).toBeUndefined();
    expect(await remote.cancel(WORKSPACE)).toMatchObject({ status: 'cancelled' });
    expect(await board.beat()).toMatchObject({ profiles: '5', warehouse: '4', generation: 1 });
    closing.abort();
    await running;
  });
});

import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '#kernel';
import { connectWarehouse, WarehouseUnavailable } from '#warehouse';
import type { FitAnswer, FitMessage, FitOrder } from './fit-message.ts';
import { rescore } from './rescore.ts';
import { runFit } from './run-fit.ts';

/** Entry of the thread that fits: the one that answers requests never computes a likelihood. */
const tell = (message: FitMessage): void => parentPort?.postMessage(message);

async function answer({ endpoint, stop, job, result }: FitOrder): Promise<FitAnswer> {
  const warehouse = connectWarehouse(endpoint);
  const signal = {
    get aborted(): boolean {
      return Atomics.load(stop, 0) !== 0;
    },
  };
  try {
    if (result !== undefined) {
      return { kind: 'rescored', people: await rescore(warehouse, job, result, signal) };
    }
    const outcome = await runFit(warehouse, job, signal, (progress) => tell({ kind: 'progress', progress }));
    return { kind: 'fitted', outcome };
  } catch (error) {
    return { kind: 'failed', unavailable: error instanceof WarehouseUnavailable, message: messageOf(error) };
  } finally {
    await warehouse.close();
  }
}

async function take(order: FitOrder): Promise<void> {
  const ended = await answer(order);
  const { total_heap_size, external_memory } = getHeapStatistics();
  tell({ kind: 'ended', answer: ended, memory: total_heap_size + external_memory });
}

parentPort?.on('message', (order: FitOrder) => void take(order));

import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '#kernel';
import { connectWarehouse, WarehouseUnavailable } from '#warehouse';
import type { FitMessage, FitOrder } from './fit-message.ts';
import { rescore } from './rescore.ts';
import { runFit } from './run-fit.ts';

/** Entry of the thread that fits: the one that answers requests never computes a likelihood. */
const { endpoint, stop, job, result } = workerData as FitOrder;
const tell = (message: FitMessage): void => parentPort?.postMessage(message);
const warehouse = connectWarehouse(endpoint);
const signal = {
  get aborted(): boolean {
    return Atomics.load(stop, 0) !== 0;
  },
};
try {
  if (result === undefined) {
    const outcome = await runFit(warehouse, job, signal, (progress) => tell({ kind: 'progress', progress }));
    tell({ kind: 'fitted', outcome });
  } else tell({ kind: 'rescored', people: await rescore(warehouse, job, result, signal) });
} catch (error) {
  tell({ kind: 'failed', unavailable: error instanceof WarehouseUnavailable, message: messageOf(error) });
} finally {
  await warehouse.close();
}

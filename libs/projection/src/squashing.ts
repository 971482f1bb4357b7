import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#kernel';
import type { Monitor } from './monitor.ts';
import type { RowSink } from './sink.ts';

/** How often it is looked whether there is something to squash: two counts of a few milliseconds. */
const LOOK_MS = 5_000;

/** Rest after a squash, as a multiple of its time: whatever the load, a tenth of the time is spent on it at most. */
const REST = 9;

/** What squashing needs. `settled` tells up to where the tables hold everything. */
export interface SquashingParts {
  readonly sink: RowSink;
  readonly monitor: Monitor;
  readonly settled: () => Position;
}

/** Lets the sink squash beside the inserts until aborted; what fails is told and tried again. */
export async function keepSquashed(parts: SquashingParts, signal: AbortSignal): Promise<void> {
  const { sink, monitor, settled } = parts;
  while (!signal.aborted) {
    let busyMs = 0;
    try {
      const squashed = await sink.squash(settled(), signal, (left) => monitor.squashing(left));
      busyMs = squashed.busyMs;
      if (squashed.overrides > 0) monitor.squashed(squashed);
    } catch (error) {
      monitor.retrying('squash', error);
    }
    monitor.squashing(0);
    await pause(Math.max(LOOK_MS, REST * busyMs), undefined, { signal }).catch(() => undefined);
  }
}

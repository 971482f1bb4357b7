import type { Position } from '#kernel';
import type { EventLog, RecordedEvent } from '#event-log';

/** Consecutive events of the log that are folded and committed together. */
export interface Block {
  readonly events: readonly RecordedEvent[];
  /** Every wanted event up to here is in this block or an earlier one. */
  readonly to: Position;
  /** The log's head was reached: nothing is known to be waiting. */
  readonly caughtUp: boolean;
}

/** How large a block may grow; it is cut earlier when the head of the log is reached. */
export interface BlockLimits {
  readonly events: number;
  readonly bytes: number;
}

/** Shares a commit and a batch read among many; larger ones would hold the event loop beyond 10 ms (measured). */
export const BLOCK_LIMITS: BlockLimits = { events: 1_000, bytes: 4 * 1024 * 1024 };

/**
 * Cuts a subscription into blocks: as much as is there, up to the limits. Ends when the subscription ends;
 * blocks without events only tell of progress.
 */
export async function* takeBlocks(
  log: EventLog,
  from: Position,
  prefixes: readonly string[],
  signal: AbortSignal,
  limits: BlockLimits = BLOCK_LIMITS,
): AsyncGenerator<Block> {
  let events: RecordedEvent[] = [];
  let bytes = 0;
  for await (const delivery of log.subscribe({ from, prefixes, signal })) {
    if (delivery.kind === 'event') {
      const { event } = delivery;
      events.push(event);
      bytes += event.data.length + event.metadata.length;
      if (events.length < limits.events && bytes < limits.bytes) continue;
    }
    const to = delivery.kind === 'event' ? delivery.event.position : delivery.position;
    yield { events, to, caughtUp: delivery.kind === 'caughtUp' };
    events = [];
    bytes = 0;
  }
}

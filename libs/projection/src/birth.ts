import type { EventLog } from '#event-log';
import type { Position } from '#kernel';
import type { StateStore } from '#state-store';

const BORN = { collection: 'meta', key: 'born' };

/**
 * Birth of a generation: the head of the log when its state store was first opened. What was configured up to there
 * holds for all of the log that it folds, so that a rebuild shows better rules in what lies behind.
 */
export async function birthOf(log: EventLog, state: StateStore): Promise<Position> {
  const [stored] = await state.read([BORN]);
  if (stored) return stored.readBigUInt64BE(0) as Position;
  const head = await log.head();
  const value = Buffer.alloc(8);
  value.writeBigUInt64BE(head, 0);
  await state.commit([{ ...BORN, value }]);
  return head;
}

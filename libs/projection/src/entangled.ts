import type { Position } from '#kernel';
import type { StateStore, StateWrite } from '#state-store';

const ENTANGLED = { collection: 'meta', key: 'entangled' };

/** Notes that a generation still holds something of a person who was erased at a position. */
export function entangledWrite(position: Position): StateWrite {
  return { ...ENTANGLED, value: Buffer.from(position.toString(), 'utf8') };
}

/** True if a generation's state holds such a note: another generation must take its place. */
export async function isEntangled(state: StateStore): Promise<boolean> {
  const [note] = await state.read([ENTANGLED]);
  return note !== null && note !== undefined;
}

import type { EventId, Position } from '#kernel';
import type { KeyStore } from '#key-store';
import type { StateStore, StateWrite } from '#state-store';
import type { OpenedTouchpoint } from './opened.ts';

const SEEN = 'seen';

/** What a block holds after duplicates were set aside. */
export interface Deduped {
  /** First of its event id by position: these are folded. */
  readonly fresh: readonly OpenedTouchpoint[];
  /** Repetitions of an id with the same content. */
  readonly repeated: readonly OpenedTouchpoint[];
  /** Repetitions of an id that say something else than the first: reported, not folded. */
  readonly differing: readonly OpenedTouchpoint[];
  readonly writes: readonly StateWrite[];
}

/**
 * Sets repeated event ids aside: the first by position wins. The authority on duplicates (design §4); the
 * collector's cache only spares the log some of them.
 */
export async function dedupe(
  state: StateStore,
  keys: KeyStore,
  touchpoints: readonly OpenedTouchpoint[],
): Promise<Deduped> {
  const known = await state.read(
    touchpoints.map(({ envelope }) => ({ collection: SEEN, key: envelope.eventId })),
  );
  const inBlock = new Map<EventId, Buffer>();
  const fresh: OpenedTouchpoint[] = [];
  const differing: OpenedTouchpoint[] = [];
  const repeated: OpenedTouchpoint[] = [];
  const writes: StateWrite[] = [];
  touchpoints.forEach((touchpoint, i) => {
    const id = touchpoint.envelope.eventId;
    const row = seenRow(touchpoint.position, contentMark(keys, touchpoint));
    const earlier = inBlock.get(id) ?? known[i];
    if (earlier) {
      (sameContent(earlier, row) ? repeated : differing).push(touchpoint);
      return;
    }
    inBlock.set(id, row);
    writes.push({ collection: SEEN, key: id, value: row });
    fresh.push(touchpoint);
  });
  return { fresh, repeated, differing, writes };
}

const UNREADABLE = Buffer.alloc(8);

/** What a sender means to say, without what a retry changes (`sentAt`, retry counters, received times). */
function contentMark(keys: KeyStore, { body }: OpenedTouchpoint): Buffer {
  if (body === null) return UNREADABLE;
  const { type, event, name, userId, anonymousId, previousId, groupId, properties, traits } = body.payload;
  const text = JSON.stringify([
    type,
    event,
    name,
    userId,
    anonymousId,
    previousId,
    groupId,
    properties,
    traits,
  ]);
  return keys.mark('content', text).subarray(0, 8);
}

function seenRow(position: Position, mark: Buffer): Buffer {
  const row = Buffer.alloc(16);
  row.writeBigUInt64BE(position, 0);
  mark.copy(row, 8);
  return row;
}

function sameContent(a: Buffer, b: Buffer): boolean {
  const left = a.subarray(8);
  const right = b.subarray(8);
  return left.equals(right) || left.equals(UNREADABLE) || right.equals(UNREADABLE);
}

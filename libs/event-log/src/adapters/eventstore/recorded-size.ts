import type { Position } from '#kernel';
import type { ProposedEvent } from './proposed-event.ts';

/** Bytes of a record that do not depend on its event: lengths, type, flags, positions, ids, time. */
const FIXED = 88;

/**
 * Positions of the events of one append, from that of the last.
 *
 * The server answers the last position only. It writes the events of an append one behind the other into one chunk of
 * its log, and a position is a byte offset there, so those before follow from the sizes of the records. Whether a
 * server lays records out this way is checked once for each connection (`Appender`).
 */
export function positionsBackFrom(
  last: Position,
  stream: string,
  events: readonly ProposedEvent[],
): Position[] {
  const positions: Position[] = [];
  const streamSize = prefixedSize(stream);
  let at: bigint = last;
  for (let i = events.length - 1; i >= 0; i--) {
    if (i < events.length - 1) at -= BigInt(recordedSize(streamSize, events[i] as ProposedEvent));
    positions.push(at as Position);
  }
  return positions.reverse();
}

function recordedSize(streamSize: number, { type, dataSize, metadata }: ProposedEvent): number {
  return FIXED + streamSize + prefixedSize(type) + dataSize + metadata.length;
}

/** A string with its length in front, seven bits a byte. */
function prefixedSize(text: string): number {
  const size = Buffer.byteLength(text);
  let prefix = 1;
  for (let rest = size >>> 7; rest > 0; rest >>>= 7) prefix++;
  return prefix + size;
}

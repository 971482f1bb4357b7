import { MAX_APPEND_EVENTS } from '../../event-log.port.ts';
import type { Position } from '#kernel';

/** Positions one append takes: more than it may hold events, so that a later format can pack more. */
const STRIDE = 16 * MAX_APPEND_EVENTS;
const WIDE_STRIDE = BigInt(STRIDE);

/** Where an event stands: its append, counted from 1 over the whole log, and its index in that append. */
export interface Place {
  readonly append: number;
  readonly index: number;
}

/** Position of an event. Appends are whole numbers below 2^52, so the product fits 64 bits. */
export function positionOf(append: number, index: number): Position {
  return (BigInt(append) * WIDE_STRIDE + BigInt(index)) as Position;
}

/** The place a position names. No event need stand there. */
export function placeOf(position: Position): Place {
  return { append: Number(position / WIDE_STRIDE), index: Number(position % WIDE_STRIDE) };
}

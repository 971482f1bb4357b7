import type { AllStreamResolvedEvent, ResolvedEvent } from '@eventstore/db-client';
import type { Position } from '#kernel';
import { UnreadableLog } from '../../errors.ts';
import { decodeMetadata } from './event-metadata.ts';
import type { RecordedEvent } from '../../event-log.port.ts';

/** Streams that the adapter keeps for itself; no reader of the log sees them. */
export const LOG_ID_STREAM = 'log-id';
export const STREAM_REGISTER = 'log-streams';

/**
 * An event of the engine as the port gives it; `undefined` for what is none of ours: the engine's own events, which
 * pass a prefix filter as tombstones do, links whose event is gone, and the adapter's streams.
 */
export function recordedEvent(read: ResolvedEvent | AllStreamResolvedEvent): RecordedEvent | undefined {
  const { event } = read;
  if (event === undefined || event.type.startsWith('$') || event.streamId.startsWith('$')) return undefined;
  if (event.streamId === LOG_ID_STREAM || event.streamId === STREAM_REGISTER) return undefined;
  return toRecorded(event);
}

/** An event of one stream, whichever stream that is. Throws `UnreadableLog` for a server that names no positions. */
export function toRecorded(event: NonNullable<ResolvedEvent['event']>): RecordedEvent {
  if (event.position === undefined) {
    throw new UnreadableLog('the server names no positions of events; EventStoreDB 23.10 or later is needed');
  }
  return {
    id: event.id,
    type: event.type,
    stream: event.streamId,
    revision: event.revision,
    position: event.position.commit as Position,
    metadata: decodeMetadata(event.metadata),
    data: bodyOf(event.data),
  };
}

function bodyOf(data: unknown): Buffer {
  if (data instanceof Uint8Array) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
}

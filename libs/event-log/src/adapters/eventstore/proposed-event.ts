import type { EventData } from '@eventstore/db-client';
import { canonicalObject } from './canonical-json.ts';
import { TOUCHPOINT_TYPE } from '#touchpoint';
import { encodeEnvelopeMetadata, encodeMetadata } from './event-metadata.ts';
import type { NewEvent } from '../../event-log.port.ts';

/** An event as it is handed to the client; a copy, so that the writer may use its buffers again. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: 'application/json' | 'application/octet-stream';
  readonly data: Uint8Array | Record<string, unknown>;
  /** Bytes of `data` on the wire. */
  readonly dataSize: number;
  readonly metadata: Uint8Array;
}

/** Field of a decision that names the event which caused it. */
const EVIDENCE = 'evidenceEventId';

/**
 * An event as EventStoreDB takes it. A body that is a JSON object is marked as JSON, so that the engine's own tools
 * and other subscribers read decisions; a sealed one is bytes. An event without a known cause is its own.
 */
export function proposedEvent(event: NewEvent): ProposedEvent {
  return event.type === TOUCHPOINT_TYPE ? touchpoint(event) : other(event);
}

/** The same, typed as the client wants it. */
export function clientEvents(events: readonly ProposedEvent[]): EventData[] {
  return events as unknown as EventData[];
}

function touchpoint({ id, type, metadata, data }: NewEvent): ProposedEvent {
  return {
    id,
    type,
    contentType: 'application/octet-stream',
    data: new Uint8Array(data),
    dataSize: data.length,
    metadata: encodeEnvelopeMetadata(metadata, id),
  };
}

function other({ id, type, metadata, data }: NewEvent): ProposedEvent {
  const object = canonicalObject(data);
  const evidence = object?.[EVIDENCE];
  return {
    id,
    type,
    contentType: object === undefined ? 'application/octet-stream' : 'application/json',
    data: object ?? new Uint8Array(data),
    dataSize: data.length,
    metadata: encodeMetadata(metadata, typeof evidence === 'string' ? evidence : id),
  };
}

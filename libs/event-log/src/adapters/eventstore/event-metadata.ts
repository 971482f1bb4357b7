import { canonicalObject, textOf } from './canonical-json.ts';

/** Bytes that are no JSON object the client would give back unchanged, as base64. */
const BYTES = '$bytes';
const CORRELATION = '$correlationId';
const CAUSATION = '$causationId';

/** Metadata as it came out of the client: parsed where it was JSON. */
export type ReadMetadata = unknown;

/**
 * Metadata as EventStoreDB keeps it: the writer's JSON object with `$correlationId` and `$causationId`, the names its
 * own projections look for, put behind its fields. What is no such object travels as base64 in `$bytes`.
 */
export function encodeMetadata(metadata: Uint8Array, causeId: string): Uint8Array {
  const tail = `"${CORRELATION}":"${causeId}","${CAUSATION}":"${causeId}"}`;
  return utf8(`{${fieldsOf(metadata)}${tail}`);
}

/** The bytes that {@link encodeMetadata} was given. Metadata that another program wrote is given as JSON or bytes. */
export function decodeMetadata(read: ReadMetadata): Buffer {
  if (read === undefined || read === null) return Buffer.alloc(0);
  if (read instanceof Uint8Array) return Buffer.from(read.buffer, read.byteOffset, read.byteLength);
  if (typeof read !== 'object' || Array.isArray(read)) return Buffer.from(JSON.stringify(read));
  const { [CORRELATION]: _correlation, [CAUSATION]: _causation, ...own } = read as Record<string, unknown>;
  const bytes = own[BYTES];
  if (typeof bytes === 'string') return Buffer.from(bytes, 'base64');
  const text = JSON.stringify(own);
  return text === '{}' ? Buffer.alloc(0) : Buffer.from(text);
}

function fieldsOf(metadata: Uint8Array): string {
  if (metadata.length === 0) return '';
  const object = canonicalObject(metadata);
  const plain = object !== undefined && Object.keys(object).length > 0 && !reserved(object);
  if (plain) return `${textOf(metadata).slice(1, -1)},`;
  return `"${BYTES}":"${Buffer.from(metadata).toString('base64')}",`;
}

function reserved(object: Record<string, unknown>): boolean {
  return CORRELATION in object || CAUSATION in object || BYTES in object;
}

/** A plain `Uint8Array`: the client takes a `Buffer` for an object and writes it as JSON. */
function utf8(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text));
}

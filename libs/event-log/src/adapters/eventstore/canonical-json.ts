import { isUtf8 } from 'node:buffer';

const OPENING_BRACE = 0x7b;

/**
 * The object whose `JSON.stringify` gives back exactly these bytes; `undefined` for anything else.
 *
 * The client of EventStoreDB hands JSON out parsed, so only such bytes come back as they were written.
 */
export function canonicalObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  if (bytes[0] !== OPENING_BRACE || !isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

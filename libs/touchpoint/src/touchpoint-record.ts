import type { Envelope } from './envelope.ts';
import { UnknownSchema } from './errors.ts';
import { unseal } from './sealing.ts';
import type { Unsealed } from './sealing.ts';

/** Version of the payload's schema that this code writes, the same for every kind, and the newest it can read. */
export const SCHEMA_VERSION = 1;

/**
 * Opens the body of a touchpoint with its anchor's key (32 bytes), as the newest schema. Throws `UnknownSchema` for
 * one that only a newer version can read: folding it half-understood would be worse than waiting.
 */
export function openTouchpoint(envelope: Envelope, data: Uint8Array, key: Uint8Array): Unsealed {
  if (envelope.schema > SCHEMA_VERSION) throw new UnknownSchema(envelope.schema, SCHEMA_VERSION);
  return unseal(data, envelope, key);
}

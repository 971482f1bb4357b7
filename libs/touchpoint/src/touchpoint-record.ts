import type { Envelope, SealedBody } from './envelope.ts';
import { decodeEnvelope } from './envelope-codec.ts';
import { UnknownSchema } from './errors.ts';
import { unseal } from './sealing.ts';

/** Version of the payload's schema that this code writes, the same for every kind, and the newest it can read. */
export const SCHEMA_VERSION = 1;

/** How opening a touchpoint of the log ended. `broken`: wrong key, or envelope or body were tampered with. */
export type OpenedTouchpoint =
  | { readonly outcome: 'opened'; readonly envelope: Envelope; readonly body: SealedBody }
  | { readonly outcome: 'broken' };

/**
 * Opens a touchpoint as the log holds it with its anchor's key (32 bytes). Throws `BrokenEnvelope` for metadata that
 * is no envelope and `UnknownSchema` for one that only a newer version can read.
 */
export function openTouchpoint(
  record: { readonly metadata: Uint8Array; readonly data: Uint8Array },
  key: Uint8Array,
): OpenedTouchpoint {
  const envelope = decodeEnvelope(record.metadata);
  if (envelope.schema > SCHEMA_VERSION) throw new UnknownSchema(envelope.schema, SCHEMA_VERSION);
  const unsealed = unseal(record.data, envelope, key);
  return unsealed.outcome === 'opened' ? { ...unsealed, envelope } : unsealed;
}

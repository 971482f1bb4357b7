import type { Position, Ref } from '#kernel';
import type { KeyStore } from '#key-store';
import type { RecordedEvent } from '#event-log';
import { anchorOf, decodeEnvelope, isUnattributed, openTouchpoint } from '#touchpoint';
import type { Envelope, SealedBody } from '#touchpoint';

/** A touchpoint as a projection sees it. */
export interface OpenedTouchpoint {
  readonly position: Position;
  readonly envelope: Envelope;
  /** Ref whose key seals the body: the anchor, or the event's own for an unattributed one. */
  readonly keyRef: Ref;
  /** Anchor the body belongs to; `null` for an unattributed touchpoint. */
  readonly anchor: Ref | null;
  /** `null` where the key was destroyed: its person was erased. Identity still sees the refs. */
  readonly body: SealedBody | null;
  /** True where a key exists but does not open the body: damage, counted and reported. */
  readonly broken: boolean;
}

/** Opens the touchpoints of a block with one look-up for all their keys. */
export async function openTouchpoints(
  keys: KeyStore,
  events: readonly RecordedEvent[],
): Promise<OpenedTouchpoint[]> {
  const envelopes = events.map((event) => decodeEnvelope(event.metadata));
  const keyRefs = envelopes.map(anchorOf);
  const found = await keys.keysOf(keyRefs);
  return events.map((event, i) => {
    const envelope = envelopes[i] as Envelope;
    const keyRef = keyRefs[i] as Ref;
    const key = found[i];
    const opened = key ? openTouchpoint(envelope, event.data, key) : undefined;
    return {
      position: event.position,
      envelope,
      keyRef,
      anchor: isUnattributed(envelope) ? null : keyRef,
      body: opened?.outcome === 'opened' ? opened.body : null,
      broken: opened?.outcome === 'broken',
    };
  });
}

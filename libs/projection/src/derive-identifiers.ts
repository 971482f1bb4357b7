import { uuidV5 } from '#kernel';
import type { EventId, Position, Ref } from '#kernel';
import { GroupCommitter } from '#event-log';
import type { EventLog, NewEvent, RecordedEvent } from '#event-log';
import type { KeyStore } from '#key-store';
import {
  anchorIndex,
  contradictedNamespace,
  encodeEnvelope,
  IDENTIFIER_DERIVED_TYPE,
  RULES_VERSION,
  SCHEMA_VERSION,
  seal,
  TOUCHPOINT_NAMESPACE,
} from '#touchpoint';
import type { Envelope, EnvelopeRef, Identifier } from '#touchpoint';
import { takeBlocks } from './blocks.ts';
import type { Mappings } from './mapping-history.ts';
import { isUnnamedWebhook, openTouchpoints } from './opened.ts';
import type { OpenedTouchpoint } from './opened.ts';

/** Engines of a derivation. */
export interface DerivationParts {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly mappings: Mappings;
  /** Ms since 1970 UTC; names the day of the streams written. */
  readonly now: () => number;
  /** Told how far the scan is, and where it will end. */
  readonly progress: (done: Position, of: Position) => void;
}

/**
 * Finds what the mappings of today see in webhook items and those of their receipt did not, and appends it as
 * `IdentifierDerived`: identity learns it at its own place in the log, so that every rebuild decides the same. Run
 * again it appends nothing twice. Answers how many items gained identifiers.
 */
export async function deriveIdentifiers(parts: DerivationParts): Promise<number> {
  const head = await parts.log.head();
  if (head === 0n) return 0;
  const known = new Set<string>();
  await scan(parts.log, head, async (events) => {
    for (const { type, id } of events) if (type === IDENTIFIER_DERIVED_TYPE) known.add(id);
  });
  const committer = new GroupCommitter(parts.log, parts.now, 1);
  let derived = 0;
  await scan(parts.log, head, async (events, to) => {
    const webhooks = events.filter(({ metadata }) => metadata.includes('"kind":"webhook"'));
    for (const touchpoint of await openTouchpoints(parts.keys, webhooks, parts.mappings)) {
      const event = await derivationOf(parts.keys, touchpoint);
      if (event === undefined || known.has(event.id)) continue;
      const { workspace, source } = touchpoint.envelope;
      await committer.commit(`${workspace}.${source}`, [event]);
      derived++;
    }
    parts.progress(to, head);
  });
  return derived;
}

async function scan(
  log: EventLog,
  head: Position,
  visit: (events: readonly RecordedEvent[], to: Position) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  for await (const { events, to } of takeBlocks(log, 0n as Position, ['touchpoint-'], abort.signal)) {
    await visit(
      events.filter(({ position }) => position <= head),
      to < head ? to : head,
    );
    if (to >= head) break;
  }
  abort.abort();
}

/** The event that tells what an item's mapping missed; `undefined` if that is nothing that may be linked. */
async function derivationOf(keys: KeyStore, touchpoint: OpenedTouchpoint): Promise<NewEvent | undefined> {
  const { envelope, body, missed, keyRef, anchor } = touchpoint;
  if (missed.length === 0 || body === null || anchor === null) return undefined;
  const unnamed = isUnnamedWebhook({ ...envelope, kind: 'webhook' });
  const before = unnamed ? [] : [anchorOf(touchpoint)];
  const identifiers = [...before, ...missed];
  if (contradictedNamespace(identifiers) !== undefined) return undefined;
  const { workspace } = envelope;
  const named = identifiers.map(({ namespace, value }) => ({ namespace, value }));
  const request = { workspace, identifiers: named, anchor: anchorIndex(identifiers) };
  const [resolution] = await keys.resolve([request]);
  if (resolution?.outcome !== 'resolved') return undefined;
  const refs: EnvelopeRef[] = [];
  const ids: string[] = [];
  identifiers.forEach(({ namespace, value, strength }, i) => {
    const ref = resolution.refs[i] as Ref | null;
    if (ref === null) return;
    refs.push({ ns: namespace, ref, strength });
    ids.push(value);
  });
  if (refs.length === before.length) return undefined;
  if (unnamed) {
    refs.push({ ns: TOUCHPOINT_NAMESPACE, ref: keyRef, strength: 2 });
    ids.push('');
  }
  const eventId = uuidV5(envelope.eventId, `derived:${refs.map(({ ref }) => ref).join(',')}`) as EventId;
  const told: Envelope = {
    ...envelope,
    eventId,
    kind: 'derived',
    schema: SCHEMA_VERSION,
    rules: RULES_VERSION,
    refs,
  };
  const sealed = {
    ids,
    payload: { type: 'derived' as const, of: envelope.eventId },
    ...(body.trust === undefined ? {} : { trust: body.trust }),
  };
  return {
    id: eventId,
    type: IDENTIFIER_DERIVED_TYPE,
    metadata: encodeEnvelope(told),
    data: seal(sealed, told, resolution.key),
  };
}

/** The identifier under which the item was sealed at its receipt. */
function anchorOf({ envelope, body, anchor }: OpenedTouchpoint): Identifier {
  const i = envelope.refs.findIndex(({ ref }) => ref === anchor);
  const { ns, strength } = envelope.refs[i] as EnvelopeRef;
  return { namespace: ns, value: body?.ids[i] as string, strength };
}

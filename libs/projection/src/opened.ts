import type { Position, Ref } from '#kernel';
import { guessInputOf } from '#correction';
import type { GuessInput } from '#correction';
import type { KeyStore } from '#key-store';
import type { RecordedEvent } from '#event-log';
import { anchorOf, decodeEnvelope, EVENT_NAMESPACE, isUnattributed, openTouchpoint } from '#touchpoint';
import type { Envelope, EnvelopeRef, Identifier, SealedBody } from '#touchpoint';
import { isMachineAgent } from '#webhook';
import { NOBODY_ERASED } from './erased-refs.ts';
import type { DeadRefs } from './erased-refs.ts';
import type { Mappings } from './mapping-history.ts';
import { isWebhook, readWebhook } from './webhook-reading.ts';

/** A touchpoint as a projection sees it. */
export interface OpenedTouchpoint {
  readonly position: Position;
  /**
   * As in the log, without guesses, which are evidence of nothing; kind and event time of a webhook item are those that
   * the mapping in force tells.
   */
  readonly envelope: Envelope;
  /** Ref whose key seals the body: the anchor, or the event's own for an unattributed one. */
  readonly keyRef: Ref;
  /**
   * Anchor the body belongs to; `null` for an unattributed touchpoint. A webhook item that named nobody is its own: a
   * newer mapping may still tell whose it is.
   */
  readonly anchor: Ref | null;
  /** `null` where the key was destroyed or is about to be: its person was erased. Identity still sees the refs. */
  readonly body: SealedBody | null;
  /** True where a key exists but does not open the body: damage, counted and reported. */
  readonly broken: boolean;
  /** Done by a program and not by the person: a crawler, a mail proxy, a link scanner. */
  readonly machine: boolean;
  /** Identifiers of a webhook item that the mapping in force finds and the envelope lacks. */
  readonly missed: readonly Identifier[];
  /** Guesses at what was meant by an identifier; absent where there is none, or nothing can be read. */
  readonly guesses?: GuessInput;
}

const NONE: readonly never[] = [];

/** Opens the touchpoints of a block with one look-up for all their keys. */
export async function openTouchpoints(
  keys: KeyStore,
  events: readonly RecordedEvent[],
  mappings: Mappings,
  erased: DeadRefs = NOBODY_ERASED,
): Promise<OpenedTouchpoint[]> {
  const envelopes = events.map((event) => decodeEnvelope(event.metadata));
  const keyRefs = envelopes.map(anchorOf);
  const found = await keys.keysOf(keyRefs);
  return events.map((event, i) => {
    const envelope = envelopes[i] as Envelope;
    const keyRef = keyRefs[i] as Ref;
    const { position } = event;
    const key = erased.sealsNothing(keyRef, position) ? null : found[i];
    const unsealed = key ? openTouchpoint(envelope, event.data, key) : undefined;
    const sealed = unsealed?.outcome === 'opened' ? unsealed.body : null;
    const living = withoutErased(envelope, sealed, (ref) => erased.isDead(ref, position));
    const guesses = living.body === null ? undefined : guessInputOf(living.envelope, living.body);
    const said = withoutGuesses(living.envelope, living.body);
    const { body } = said;
    const opened = {
      position,
      envelope: said.envelope,
      keyRef,
      anchor: isUnattributed(envelope) && !isUnnamedWebhook(envelope) ? null : keyRef,
      body,
      broken: unsealed?.outcome === 'broken',
      machine: body !== null && isMachine(body),
      missed: NONE,
      ...(guesses === undefined ? {} : { guesses }),
    };
    if (body === null || !isWebhook(body)) return opened;
    const read = readWebhook(said.envelope, body, mappings.at(envelope.workspace, envelope.source, position));
    return { ...opened, ...read, machine: isMachine(read.body) };
  });
}

/** True for a webhook item whose mapping found nobody, as against one whose identifiers contradict each other. */
export function isUnnamedWebhook({ kind, refs }: Envelope): boolean {
  return kind === 'webhook' && refs.length === 1 && refs[0]?.ns === EVENT_NAMESPACE;
}

interface Said {
  readonly envelope: Envelope;
  readonly body: SealedBody | null;
}

/**
 * A touchpoint of somebody living that names an erased identifier: it was on its way when that one was erased. One of
 * the erased person keeps its refs, by which identity sees that it is nobody's.
 */
function withoutErased(envelope: Envelope, body: SealedBody | null, isDead: (ref: Ref) => boolean): Said {
  if (body === null || !envelope.refs.some(({ ref }) => isDead(ref))) return { envelope, body };
  const derivations = body.derivations?.filter(
    ({ of, from }) =>
      !isDead((envelope.refs[of] as EnvelopeRef).ref) && !isDead((envelope.refs[from] as EnvelopeRef).ref),
  );
  const places = envelope.refs.flatMap(({ ref }, i) => (isDead(ref) ? [] : i));
  const moved = derivations?.map((one) => ({
    ...one,
    of: places.indexOf(one.of),
    from: places.indexOf(one.from),
  }));
  return {
    envelope: { ...envelope, refs: places.map((i) => envelope.refs[i] as EnvelopeRef) },
    body: {
      ...body,
      ids: places.map((i) => body.ids[i] as string),
      ...(moved === undefined ? {} : { derivations: moved }),
    },
  };
}

function withoutGuesses(envelope: Envelope, body: SealedBody | null): Said {
  const { refs } = envelope;
  if (!refs.some(({ derived }) => derived === true)) return { envelope, body };
  const said = ({ derived }: EnvelopeRef): boolean => derived !== true;
  const ids = body?.ids.filter((_, i) => said(refs[i] as EnvelopeRef)) ?? [];
  return {
    envelope: { ...envelope, refs: refs.filter(said) },
    body: body === null ? null : { ...body, ids },
  };
}

function isMachine({ payload: { context } }: SealedBody): boolean {
  if (context === undefined) return false;
  const { userAgent, temas } = context as { userAgent?: unknown; temas?: { machine?: unknown } | null };
  if (temas?.machine === true) return true;
  return typeof userAgent === 'string' && isMachineAgent(userAgent) !== undefined;
}

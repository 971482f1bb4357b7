import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import type { Envelope, EnvelopeKind, SealedBody } from '#touchpoint';
import { EVENT_NAMESPACE, TOUCHPOINT_NAMESPACE } from '#touchpoint';

/** An identifier with its value. */
export interface NamedIdentifier {
  readonly ns: string;
  readonly ref: Ref;
  /** Canonical value. Personal data. */
  readonly value: string;
}

/** What the fold gets for one opened touchpoint. */
export interface ProfileInput {
  readonly workspace: Workspace;
  readonly source: SourceName;
  /** Breaks ties of equal time between sources: 1 for a `server` source, 0 for a `client` one. */
  readonly sourceRank: number;
  readonly eventId: EventId;
  readonly position: Position;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  readonly index: number;
  readonly kind: EnvelopeKind;
  /** The identifier that the touchpoint belongs to for ever; `null`: unattributed, nothing is folded. */
  readonly anchor: Ref | null;
  readonly identifiers: readonly NamedIdentifier[];
  /** What the touchpoint says of the person; absent if it says nothing. */
  readonly traits: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads an opened touchpoint. `anchor` is the ref that it belongs to, `null` if it is unattributed. Only `identify` speaks of the person: `context.traits` are links, and the traits of
 * a `group` are the account's.
 */
export function profileInputOf(
  envelope: Envelope,
  body: SealedBody,
  position: Position,
  anchor: Ref | null,
): ProfileInput {
  const { workspace, source, eventId, at, index, kind, refs } = envelope;
  return {
    workspace,
    source,
    sourceRank: body.trust === 'server' ? 1 : 0,
    eventId,
    position,
    at,
    index,
    kind,
    anchor,
    identifiers: refs
      .map(({ ns, ref }, i) => ({ ns, ref, value: body.ids[i] as string }))
      .filter(({ ns }) => ns !== EVENT_NAMESPACE && ns !== TOUCHPOINT_NAMESPACE),
    traits: kind === 'identify' ? body.payload.traits : undefined,
  };
}

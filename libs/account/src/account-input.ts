import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import { normaliseIdentifier, type Envelope, type SealedBody } from '#touchpoint';

/** What the fold gets for one group call. */
export interface AccountInput {
  readonly workspace: Workspace;
  /** At most 255 characters, trimmed. */
  readonly accountId: string;
  readonly source: SourceName;
  /** Breaks ties of equal time between sources: 1 for a `server` source, 0 for a `client` one. */
  readonly sourceRank: number;
  readonly eventId: EventId;
  readonly position: Position;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  readonly index: number;
  /** Whose call it is; `null`: unattributed, the account gains traits and no member. */
  readonly anchor: Ref | null;
  /** What the call says of the account; absent if it says nothing. */
  readonly traits: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads an opened touchpoint; `undefined` if it is no `group` or names no account. `anchor` is the ref that it belongs
 * to, `null` if it is unattributed. The group id is normalised like any opaque key and never becomes an identifier.
 * What programs write where they know nothing (`null`, `undefined`, `0`) names no account: strangers would share one.
 */
export function accountInputOf(
  envelope: Envelope,
  body: SealedBody,
  position: Position,
  anchor: Ref | null,
): AccountInput | undefined {
  const { workspace, source, eventId, at, index, kind } = envelope;
  if (kind !== 'group') return undefined;
  const { groupId, traits } = body.payload;
  const account = normaliseIdentifier('group_id', groupId);
  if (account.outcome !== 'valid') return undefined;
  return {
    workspace,
    accountId: account.value,
    source,
    sourceRank: body.trust === 'server' ? 1 : 0,
    eventId,
    position,
    at,
    index,
    anchor,
    traits,
  };
}

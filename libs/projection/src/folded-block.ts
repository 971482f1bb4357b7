import type { Position, ProfileId, Ref, Workspace } from '#kernel';
import type { Decision, Move } from '#identity';
import type { Profile } from '#profile';
import type { OpenedTouchpoint } from './opened.ts';

/** A touchpoint with what identity made of it. */
export interface TouchpointFact {
  readonly touchpoint: OpenedTouchpoint;
  /** Profile at the touchpoint's own position. */
  readonly profileId: ProfileId;
  /** Log time: running maximum of `receivedAt` in log order in its workspace, ms since 1970 UTC. */
  readonly recordedAt: number;
  readonly moved: readonly Move[];
  readonly decisions: readonly Decision[];
}

/** A profile as the block left it; `profile: null` where it was absorbed by another. */
export interface ProfileChange {
  readonly workspace: Workspace;
  readonly profileId: ProfileId;
  readonly profile: Profile | null;
  /** Position of the last touchpoint of the block that touched it. */
  readonly version: Position;
}

/** An identifier as the block left it. */
export interface IdentifierChange {
  readonly workspace: Workspace;
  readonly ref: Ref;
  readonly namespace: string;
  readonly profileId: ProfileId;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly source: string;
  readonly version: Position;
}

/** Everything that a block of touchpoints changed, for those downstream. */
export interface FoldedBlock {
  readonly facts: readonly TouchpointFact[];
  readonly profiles: readonly ProfileChange[];
  readonly identifiers: readonly IdentifierChange[];
}

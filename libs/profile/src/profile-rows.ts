import type { Ref, SourceName, Workspace } from '#kernel';
import { jsonCollection } from '#state-store';
import type { Register } from './register.ts';

/** Row of `p.anchor`: what the touchpoints of one anchor say. A merge or a split never changes it. */
export interface AnchorRow {
  readonly workspace: Workspace;
  /** Earliest event time, ms since 1970 UTC. */
  readonly first: number;
  /** Latest event time, ms since 1970 UTC. */
  readonly last: number;
  /** Touchpoints folded. */
  readonly events: number;
  /** Newest word on each trait, tombstones included. Names come from outside: look up with `Object.hasOwn`. */
  readonly traits: Readonly<Record<string, Register>>;
  /** Traits that came when the row was full, counted each time. */
  readonly dropped: number;
}

/** Row of `p.ident`: an identifier and when it was named, by whatever touchpoint. */
export interface IdentifierRow {
  readonly ns: string;
  /** Canonical value. Personal data. */
  readonly value: string;
  /** Earliest event time that named it, ms since 1970 UTC. */
  readonly first: number;
  /** Position of that event (the lowest at equal times), decimal. */
  readonly firstPosition: string;
  /** Latest event time that named it, ms since 1970 UTC. */
  readonly last: number;
  /** Source of the event that named it first. */
  readonly source: SourceName;
}

/** Registers per anchor; key: the anchor's ref. */
export const ANCHORS = jsonCollection<AnchorRow>('p.anchor');

/** Identifiers with their values; key: the ref. */
export const IDENTIFIERS = jsonCollection<IdentifierRow>('p.ident');

/** The rows of a profile's members, by ref; members without a row are absent. */
export interface ProfileParts {
  readonly anchors: ReadonlyMap<Ref, AnchorRow>;
  readonly identifiers: ReadonlyMap<Ref, IdentifierRow>;
}

import type { EventId, ProfileId, Ref, Workspace } from '#kernel';
import { jsonCollection } from '#state-store';
import type { EnvelopeRef } from '#touchpoint';
import type { Command, Membership } from './identity.types.ts';

/** An identifier inside a profile's row: namespace and ref. */
export type Member = readonly [ns: string, ref: Ref];

/** An envelope's ref as a member. */
export function memberOf({ ns, ref }: Pick<EnvelopeRef, 'ns' | 'ref'>): Member {
  return [ns, ref];
}

/** Row of `i.ref`: an identifier, whose it is and what quarantine must know of it. */
export interface RefRow {
  /** Empty until it is observed: a command may name it before. */
  readonly ns: string;
  /** Living profile that holds it, never an alias; absent until it is observed. */
  readonly profileId?: ProfileId;
  /** Distinct unique-class identifiers seen with it, up to its quarantine; absent from there on, and for unique ones. */
  readonly people?: readonly Ref[];
  /** Seen with more people than R4 allows. Never falls. */
  readonly tooMany?: true;
  /** Keys of the first evidence of it, in `i.ev`: all that most identifiers ever have. */
  readonly first?: readonly string[];
  /** How many evidence keys it has, in `first` and in its pages of `i.link`. */
  readonly links?: number;
  /** Co-observations that count for a flood, where that is not `links`. */
  readonly company?: number;
  /** Seen in more co-observations than a person makes; its links are no longer kept. Never falls. */
  readonly flooded?: true;
  /** A device of several people (R5), as resolved last. */
  readonly shared?: true;
  /** Commands name it, see `i.op`. */
  readonly operated?: true;
  /** A command that stands lifts its quarantine. */
  readonly lifted?: true;
  /** Position of the last release that stands, decimal. */
  readonly released?: string;
  /** Position of the last release ever ordered, undone or not: evidence is kept apart by it. */
  readonly era?: string;
  readonly erased?: true;
  /** Refused links already told; bounded, see `told-links.ts`. */
  readonly told?: readonly string[];
}

/** Row of `i.prof` for a living profile. */
export interface ProfileRow {
  readonly workspace: Workspace;
  /** Its founder; after a split took that away, the best of those who stayed. */
  readonly founding: Member;
  /** Position of the event that founded it, decimal. */
  readonly createdAt: string;
  /** In the order in which they came. */
  readonly members: readonly Member[];
  /** Decisions published in this profile's stream: the revision of the next one. */
  readonly published: number;
  /** Ids that lead here, so that an alias is one hop. */
  readonly aliases: readonly ProfileId[];
  /** Groups of its strong identifiers that only weak links hold together; 1 for most. */
  readonly clusters: number;
  /** A link at one of its members is refused, or an operator had a word: what is new is resolved, never just added. */
  readonly contested?: true;
}

/** Row of `i.prof` for an id without a profile. */
export interface AliasRow {
  readonly alias: ProfileId;
  /** As in `ProfileRow`: where its stream continues if a split brings it back. */
  readonly published: number;
  readonly founding: Member;
  readonly createdAt: string;
}

/** A mention in evidence: strength, plus 4 for a repaired value. */
export type Mention = readonly [ref: Ref, grade: number];

/** Row of `i.ev`: something said of two or more identifiers, and when it was said first. */
export interface EvidenceRow {
  /** Best namespace first, in extraction order inside one. */
  readonly m: readonly Mention[];
  /** First sighting (by event time, then event id) in each era between releases of its members. */
  readonly s: readonly Sighting[];
  /** Snapshot row whose content this is; counts while it is the newest. */
  readonly r?: string;
  /** A member was released or erased since: said again, it may tell something new. */
  readonly again?: true;
}

/**
 * When something was said first: era, ms since 1970 UTC, event. For evidence of a namespace whose latest links stand also
 * the last UTC day on which it was said (days since 1970), and the least event of that day.
 */
export type Sighting = readonly [era: string, at: number, eventId: EventId, day?: number, lastId?: EventId];

/** Row of `i.rec`: the newest version of a snapshot's row. */
export interface RecordRow {
  readonly at: number;
  readonly eventId: EventId;
  /** Key of what it says, in `i.ev` if that is of two identifiers or more. */
  readonly key: string;
}

/** A command without its position, which JSON has no number for. */
export type StoredCommand = Command extends infer One
  ? One extends Command
    ? Omit<One, 'position'>
    : never
  : never;

/** Row of `i.cmd`. */
export interface CommandRow {
  readonly command: StoredCommand;
  /** Decimal. */
  readonly position: string;
  readonly undone?: true;
}

/** Identifiers; key: the ref. */
export const REFS = jsonCollection<RefRow>('i.ref');

/** Profiles and aliases; key: the profile id. */
export const PROFILES = jsonCollection<ProfileRow | AliasRow>('i.prof');

/** Evidence; key: a hash of what was said. */
export const EVIDENCE = jsonCollection<EvidenceRow>('i.ev');

/** Evidence keys of an identifier beyond its first ones; key: `<ref>.<page>`. */
export const LINKS = jsonCollection<readonly string[]>('i.link');

/** Snapshot rows; key: `<source>/<recordRef>`. */
export const RECORDS = jsonCollection<RecordRow>('i.rec');

/** Operator commands; key: the event id. */
export const COMMANDS = jsonCollection<CommandRow>('i.cmd');

/** Commands that name an identifier, in log order; key: the ref. */
export const OPERATED = jsonCollection<readonly EventId[]>('i.op');

/** True for the row of an id without a profile. */
export function isAlias(row: ProfileRow | AliasRow): row is AliasRow {
  return 'alias' in row;
}

/** True if R4 keeps the identifier out of all links. */
export function isQuarantined({ tooMany, lifted, flooded }: RefRow): boolean {
  return flooded === true || (tooMany === true && lifted !== true);
}

/** A profile's row as others see it. */
export function membershipOf(profileId: ProfileId, row: ProfileRow): Membership {
  return {
    profileId,
    workspace: row.workspace,
    members: row.members.map(([ns, ref]) => ({ ns, ref })),
    createdAt: row.createdAt,
  };
}

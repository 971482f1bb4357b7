import type { Ref } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import {
  EVIDENCE,
  isQuarantined,
  RECORDS,
  type EvidenceRow,
  type RefRow,
  type Sighting,
} from './identity-rows.ts';
import type { Observation } from './identity.types.ts';
import { appendLink } from './links.ts';
import { gradedMention } from './mentions.ts';
import type { Reading, Said } from './reading.ts';
import { isLater, lastSeen, withSighting } from './sightings.ts';
import type { Step } from './step.ts';

/** What an observation added to what is known, before anything follows from it. */
export interface Noted {
  /** Evidence that counts now and did not, or that was first seen earlier than known; with the row as it was. */
  readonly changed?: { readonly key: string; readonly before: EvidenceRow | undefined };
  /** Evidence of two identifiers or more that a newer version of its snapshot row replaced. */
  readonly superseded?: { readonly key: string; readonly row: EvidenceRow };
  /** Identifiers that are quarantined from here on. */
  readonly quarantined: ReadonlySet<Ref>;
  /** It was said before, only later: nothing new but its time. */
  readonly onlyEarlier: boolean;
}

/**
 * Notes what an observation says: evidence with its first sighting, the version of its snapshot row, and what
 * quarantine counts. Writes nothing for what is known.
 *
 * All that it reads must be loaded. `said`: by living mentions; by none for evidence of nobody.
 */
export function noteEvidence(step: Step, reading: Reading, { mentions, key }: Said): Noted {
  const { observation, record } = reading;
  if (record === undefined && mentions.length < 2) return NOTHING;
  const version = noteVersion(step, observation, record, key);
  if (mentions.length < 2) return version.lost === undefined ? NOTHING : { ...NOTHING, ...version.lost };

  const row = step.work.get(EVIDENCE, key);
  const sighting: Sighting = [eraOf(step, mentions), observation.at, observation.eventId];
  const s = withSighting(row?.s ?? [], tracksLatest(step, mentions) ? lastSeen(sighting) : sighting);
  if (s !== row?.s) {
    const scope = record === undefined ? {} : { r: record };
    const now = row === undefined ? { m: mentions.map(gradedMention), s, ...scope } : { ...row, s };
    step.work.set(EVIDENCE, key, now);
  }
  const quarantined = row === undefined ? noteCompany(step, mentions, key) : NOTHING.quarantined;
  const before = version.counted ? row : undefined;
  const changed = version.counts && (s !== row?.s || !version.counted) ? { changed: { key, before } } : {};
  return { ...version.lost, ...changed, quarantined, onlyEarlier: before !== undefined };
}

const NOTHING: Noted = { quarantined: new Set(), onlyEarlier: false };

interface Version {
  /** What this observation says counts now, and counted before it. */
  readonly counts: boolean;
  readonly counted: boolean;
  readonly lost?: Pick<Noted, 'superseded'>;
}

/** Of what is no snapshot's row. */
const ALWAYS: Version = { counts: true, counted: true };

/** R7: the newest version of a snapshot's row by (at, event id) is what counts of it. */
function noteVersion(
  { work }: Step,
  { at, eventId }: Observation,
  record: string | undefined,
  key: string,
): Version {
  if (record === undefined) return ALWAYS;
  const newest = work.get(RECORDS, record);
  const counted = newest?.key === key;
  if (newest !== undefined && !isLater({ at, eventId }, newest)) return { counts: counted, counted };
  work.set(RECORDS, record, { at, eventId, key });
  if (newest === undefined || counted) return { counts: true, counted };
  const row = work.get(EVIDENCE, newest.key);
  if (row === undefined) return { counts: true, counted };
  return { counts: true, counted, lost: { superseded: { key: newest.key, row } } };
}

/** R4: counts people and company of identifiers that were never seen together in this way. */
function noteCompany(step: Step, mentions: readonly EnvelopeRef[], key: string): ReadonlySet<Ref> {
  let flipped: Set<Ref> | undefined;
  for (const { ref } of mentions) {
    const before = step.ref(ref) as RefRow;
    if (before.flooded === true) continue;
    const after = appendLink(step.work, ref, before, key);
    const row = withCompany(step, withPeople(step, after, ref, mentions), before, ref, mentions);
    step.setRef(ref, row);
    if (isQuarantined(row) && !isQuarantined(before)) (flipped ??= new Set()).add(ref);
  }
  return flipped ?? NOTHING.quarantined;
}

function withPeople({ rules }: Step, row: RefRow, ref: Ref, mentions: readonly EnvelopeRef[]): RefRow {
  const { quarantineAt } = rules.namespace(row.ns);
  if (row.tooMany === true || quarantineAt === Number.POSITIVE_INFINITY) return row;
  const known = row.people ?? [];
  const met = mentions.filter(
    (other) =>
      other.ref !== ref && rules.namespace(other.ns).class === 'unique' && !known.includes(other.ref),
  );
  if (met.length === 0) return row;
  if (known.length + met.length <= quarantineAt)
    return { ...row, people: [...known, ...met.map((other) => other.ref)] };
  return { ...row, people: undefined, tooMany: true };
}

/** Orders and the like do not make a flood of the person who has them. */
function withCompany(
  { rules }: Step,
  row: RefRow,
  before: RefRow,
  ref: Ref,
  mentions: readonly EnvelopeRef[],
): RefRow {
  const kind = rules.namespace(row.ns).class;
  const oneShot =
    kind === 'unique' &&
    mentions.some((other) => other.ref !== ref && rules.namespace(other.ns).limit > rules.maxMembers);
  const count = (before.company ?? before.links ?? 0) + (oneShot ? 0 : 1);
  if (count > rules.floodAt[kind]) return { ...row, company: undefined, flooded: true };
  if (count === row.links) return row.company === undefined ? row : { ...row, company: undefined };
  return { ...row, company: count };
}

/** Evidence after a release is kept apart from that before: the latest release of its members tells which it is. */
function eraOf(step: Step, mentions: readonly EnvelopeRef[]): string {
  let era = '0';
  for (const { ref } of mentions) {
    const other = step.ref(ref)?.era;
    if (other !== undefined && BigInt(other) > BigInt(era)) era = other;
  }
  return era;
}

function tracksLatest({ rules }: Step, mentions: readonly EnvelopeRef[]): boolean {
  return mentions.some(({ ns }) => rules.namespace(ns).conflictPolicy === 'latest');
}

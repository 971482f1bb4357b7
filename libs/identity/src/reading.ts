import type { ProfileId, Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import type { EnvelopeRef } from '#touchpoint';
import { EVIDENCE, LINKS, PROFILES, RECORDS, REFS } from './identity-rows.ts';
import type { Observation } from './identity.types.ts';
import { nextPage } from './links.ts';
import { evidenceKey, isUnattributed, linkingOf, mentionsOf, recordOf } from './mentions.ts';
import type { IdentityRules } from './rules.ts';
import { isKnown } from './sightings.ts';

/** What is said of two identifiers or more, or of a snapshot's row. */
export interface Said {
  /** Those that count, best first. */
  readonly mentions: readonly EnvelopeRef[];
  /** Its key in `i.ev`; empty where there is nothing to look up. */
  readonly key: string;
}

/** An observation under rules: told apart once, for the load and for the fold. */
export interface Reading {
  readonly observation: Observation;
  readonly rules: IdentityRules;
  /** What it mentions, best first; empty if it is nobody's. */
  readonly mentions: readonly EnvelopeRef[];
  /** What may link: all mentions but blocked ones. The same array where none is blocked. */
  readonly linking: readonly EnvelopeRef[];
  /** Snapshot row that it is a version of, in `i.rec`. */
  readonly record: string | undefined;
  /** What its linking mentions say. */
  readonly said: Said;
}

/** Reads an observation; `living`: its mentions without erased ones, where there are any. */
export function readingOf(
  observation: Observation,
  rules: IdentityRules,
  living?: readonly EnvelopeRef[],
): Reading {
  const { refs } = observation;
  const mentions = living ?? (isUnattributed(refs) ? [] : mentionsOf(refs, rules));
  const linking = linkingOf(mentions, rules);
  const record = recordOf(observation);
  return { observation, rules, mentions, linking, record, said: saying(linking, record) };
}

/** What mentions say together, for a snapshot's row or for no one. */
export function saying(mentions: readonly EnvelopeRef[], record: string | undefined): Said {
  const isLookedUp = mentions.length > 1 || (record !== undefined && mentions.length > 0);
  return { mentions, key: isLookedUp ? evidenceKey(mentions, record) : '' };
}

/** True if `holderIfKnown` has all it reads at hand. */
export function isTold(work: UnitOfWork, { mentions, said }: Reading): boolean {
  const [anchor] = mentions;
  if (anchor !== undefined && !work.has(REFS, anchor.ref)) return false;
  return said.key === '' || work.has(EVIDENCE, said.key);
}

/** Profile of an observation that tells nothing new; `undefined` if it may tell something. Its rows must be loaded. */
export function holderIfKnown(work: UnitOfWork, reading: Reading): ProfileId | undefined {
  const [anchor] = reading.mentions;
  if (anchor === undefined || !isOld(work, reading)) return undefined;
  const row = work.get(REFS, anchor.ref);
  return row?.erased === true ? undefined : row?.profileId;
}

/** True if what is said was said before; whether its identifiers were ever seen, their rows tell. */
function isOld(work: UnitOfWork, { observation, mentions, linking, record, said }: Reading): boolean {
  if (record !== undefined || linking !== mentions) return false;
  return said.key === '' || isKnown(work.get(EVIDENCE, said.key), observation);
}

/** True if all that the fold of news reads is at hand, unless it contradicts something. */
export function isAtHand(work: UnitOfWork, { mentions, record, said }: Reading): boolean {
  if (said.key !== '' && !work.has(EVIDENCE, said.key)) return false;
  if (record !== undefined) {
    if (!work.has(RECORDS, record)) return false;
    const newest = work.get(RECORDS, record);
    if (newest !== undefined && !work.has(EVIDENCE, newest.key)) return false;
  }
  for (const { ref } of mentions) {
    if (!work.has(REFS, ref)) return false;
    const row = work.get(REFS, ref);
    if (row?.profileId !== undefined && !work.has(PROFILES, row.profileId)) return false;
    const page = nextPage(ref, row);
    if (page !== undefined && !work.has(LINKS, page)) return false;
  }
  return true;
}

/**
 * Three rounds of reads for all of them: what tells whether an observation is news, what news name, and what that
 * leads to.
 */
export async function loadReadings(
  work: UnitOfWork,
  readings: readonly Reading[],
  isNews = (reading: Reading) => !isOld(work, reading),
): Promise<void> {
  const [refs, records, keys] = [new Set<Ref>(), new Set<string>(), new Set<string>()];
  for (const { mentions, record, said } of readings) {
    const [anchor] = mentions;
    if (anchor !== undefined) refs.add(anchor.ref);
    if (record !== undefined) records.add(record);
    if (said.key !== '') keys.add(said.key);
  }
  await Promise.all([work.load(REFS, refs), work.load(RECORDS, records), work.load(EVIDENCE, keys)]);
  const news = readings.filter(isNews);
  const [named, replaced] = [new Set<Ref>(), new Set<string>()];
  for (const { mentions, record } of news) {
    for (const { ref } of mentions) named.add(ref);
    const newest = record === undefined ? undefined : work.get(RECORDS, record);
    if (newest !== undefined) replaced.add(newest.key);
  }
  await Promise.all([work.load(REFS, named), work.load(EVIDENCE, replaced)]);
  const [holders, pages] = [new Set<ProfileId>(), new Set<string>()];
  for (const { mentions } of news) {
    for (const { ref } of mentions) {
      const row = work.get(REFS, ref);
      if (row?.profileId !== undefined) holders.add(row.profileId);
      const page = nextPage(ref, row);
      if (page !== undefined) pages.add(page);
    }
  }
  await Promise.all([work.load(PROFILES, holders), work.load(LINKS, pages)]);
}

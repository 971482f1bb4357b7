import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, ProfileId, Ref, Workspace } from '#kernel';
import { NIL_PROFILE } from '#kernel';
import { foldGuesses } from '#correction';
import type { IdentityStep, Matcher, Move } from '#identity';
import { foldProfile, IDENTIFIERS, joinProfile, loadProfiles, profileInputOf, profileParts } from '#profile';
import type { IdentifierRow } from '#profile';
import { emailMatchKey } from '#repair';
import { jsonCollection } from '#state-store';
import type { UnitOfWork } from '#state-store';
import { TOUCHPOINT_NAMESPACE } from '#touchpoint';
import { placeOfWord, workspaceOfWord } from './commands.ts';
import type { OperatorWord } from './commands.ts';
import { foldActivity } from './fold-activity.ts';
import { correctionChanges, loadCorrections, obeyVerdict } from './fold-corrections.ts';
import type {
  AliasChange,
  CommandFact,
  FoldedBlock,
  IdentifierChange,
  ProfileChange,
  TouchpointFact,
} from './folded-block.ts';
import { observationOf } from './observation.ts';
import type { OpenedTouchpoint } from './opened.ts';

/**
 * Version of what folds make of a log. Raised by every change that gives other state or other rows for the same
 * events: a start with another version rebuilds.
 */
export const FOLD_VERSION = 9;

/** Log time per workspace: the running maximum of `receivedAt`, ms since 1970 UTC. */
const CLOCK = jsonCollection<number>('clock');

/** Profiles and refs that a block touched, each with the position of its last touch. */
interface Touched {
  readonly profiles: Map<ProfileId, { workspace: Workspace; version: Position }>;
  readonly refs: Map<Ref, { workspace: Workspace; version: Position }>;
}

/** Touchpoints folded before other work of the process, such as reads of the next block, gets its turn. */
const STRETCH = 128;

/** Loads what the fold of these touchpoints reads of identity and profile. May run while the block before is folded. */
export async function foresee(
  work: UnitOfWork,
  matcher: Matcher,
  touchpoints: readonly OpenedTouchpoint[],
): Promise<void> {
  const observations = touchpoints.map(observationOf);
  await matcher.load(work, observations);
  await loadProfiles(
    work,
    observations.flatMap(({ refs }) => refs.map(({ ref }) => ref)),
  );
}

/**
 * Folds touchpoints in log order through identity and profile. Reads and writes only through `work`; the caller
 * commits. The same history cut into other blocks gives the same state.
 */
export async function foldBlock(
  work: UnitOfWork,
  matcher: Matcher,
  touchpoints: readonly OpenedTouchpoint[],
  words: readonly OperatorWord[] = [],
): Promise<Omit<FoldedBlock, 'arrivals'>> {
  await foresee(work, matcher, touchpoints);
  await work.load(
    CLOCK,
    [...touchpoints.map(({ envelope }) => envelope), ...words.map(workspaceOfWord)].map(
      ({ workspace }) => workspace,
    ),
  );
  await loadCorrections(work, touchpoints, words);

  const facts: TouchpointFact[] = [];
  const commands: CommandFact[] = [];
  const touched: Touched = { profiles: new Map(), refs: new Map() };
  let next = 0;
  const obeyUntil = async (position: Position | undefined): Promise<void> => {
    for (; next < words.length; next++) {
      const word = words[next] as OperatorWord;
      if (position !== undefined && placeOfWord(word) > position) return;
      commands.push(await obey(work, matcher, word, touched));
    }
  };
  for (const [i, touchpoint] of touchpoints.entries()) {
    await obeyUntil(touchpoint.position);
    const { envelope, position, body, anchor } = touchpoint;
    const { workspace } = envelope;
    const recordedAt = Math.max(work.get(CLOCK, workspace) ?? 0, envelope.receivedAt);
    work.set(CLOCK, workspace, recordedAt);
    const step = await matcher.observe(work, observationOf(touchpoint));
    const moved = [...step.moved, ...claimed(touchpoint, step.profileId)];
    if (touchpoint.guesses !== undefined) foldGuesses(work, touchpoint.guesses);
    if (body !== null && anchor !== null)
      foldProfile(work, profileInputOf(envelope, body, position, anchor), matcher.traitPolicies(workspace));
    facts.push({
      touchpoint,
      profileId: step.profileId,
      recordedAt,
      moved,
      decisions: step.decisions,
      aliases: await aliasChanges(work, matcher, step),
    });
    const touch = { workspace, version: position };
    if (anchor !== null) for (const { ref } of envelope.refs) touched.refs.set(ref, touch);
    for (const { ref } of moved) touched.refs.set(ref, touch);
    for (const profileId of step.changed) touched.profiles.set(profileId, touch);
    if (step.profileId !== NIL_PROFILE) touched.profiles.set(step.profileId, touch);
    if (i % STRETCH === STRETCH - 1) await nextTurn();
  }
  await obeyUntil(undefined);
  const corrections = await correctionChanges(work, matcher, touchpoints, words);
  const { sessionIds, changes } = await foldActivity(work, matcher, touchpoints);
  const placed = facts.map((fact, i) => ({ ...fact, sessionId: sessionIds[i] }));
  return { facts: placed, commands, corrections, ...(await changesOf(work, matcher, touched)), ...changes };
}

async function obey(
  work: UnitOfWork,
  matcher: Matcher,
  word: OperatorWord,
  touched: Touched,
): Promise<CommandFact> {
  const { workspace, at } = workspaceOfWord(word);
  const position = placeOfWord(word);
  const recordedAt = Math.max(work.get(CLOCK, workspace) ?? 0, at);
  work.set(CLOCK, workspace, recordedAt);
  const step =
    word.kind === 'order'
      ? await matcher.command(work, word.command)
      : await obeyVerdict(work, matcher, { ...word.verdict, recordedAt }, touched.refs);
  const { moved, decisions, changed } = step;
  const touch = { workspace, version: position };
  for (const { ref } of moved) touched.refs.set(ref, touch);
  for (const profileId of changed) touched.profiles.set(profileId, touch);
  const aliases = await aliasChanges(work, matcher, step);
  return { workspace, position, recordedAt, moved, decisions, aliases };
}

/** Ids that a step gave away or gave back. Only what moves identifiers between profiles does either. */
async function aliasChanges(work: UnitOfWork, matcher: Matcher, step: IdentityStep): Promise<AliasChange[]> {
  if (step.moved.length === 0) return [];
  await matcher.loadMemberships(work, step.changed);
  const gone = step.changed.flatMap((id) => {
    const leadsTo = matcher.membership(work, id)?.profileId;
    return leadsTo === undefined || leadsTo === id ? [] : [{ id, leadsTo }];
  });
  const born = step.decisions.filter(({ kind }) => kind === 'ProfileCreated');
  return [...gone, ...born.map(({ profileId }) => ({ id: profileId, leadsTo: profileId }))];
}

/** Touchpoints that were nobody's and are found to be this profile's: rows of theirs were written before. */
function claimed({ envelope }: OpenedTouchpoint, profileId: ProfileId): Move[] {
  if (envelope.kind !== 'derived' || profileId === NIL_PROFILE) return [];
  return envelope.refs
    .filter(({ ns }) => ns === TOUCHPOINT_NAMESPACE)
    .map(({ ref }) => ({ ref, from: NIL_PROFILE, to: profileId }));
}

async function changesOf(
  work: UnitOfWork,
  matcher: Matcher,
  touched: Touched,
): Promise<Pick<FoldedBlock, 'profiles' | 'identifiers'>> {
  await matcher.loadHolders(work, touched.refs.keys());
  const owners = [...touched.refs].map(([ref, touch]) => ({
    ref,
    touch,
    owner: matcher.holderOf(work, ref),
  }));
  // A device that a stranger used belongs to another profile than the touchpoint: that one was touched too.
  for (const { owner, touch } of owners) {
    if (owner !== undefined && !touched.profiles.has(owner)) touched.profiles.set(owner, touch);
  }
  await matcher.loadMemberships(work, touched.profiles.keys());
  const memberships = [...touched.profiles].map(([profileId, touch]) => ({
    profileId,
    touch,
    membership: matcher.membership(work, profileId),
  }));
  await loadProfiles(
    work,
    memberships.flatMap(({ membership }) => membership?.members.map(({ ref }) => ref) ?? []),
  );
  const profiles: ProfileChange[] = [];
  for (const { profileId, touch, membership } of memberships) {
    const alive = membership !== undefined && membership.profileId === profileId;
    profiles.push({
      workspace: touch.workspace,
      profileId,
      profile: alive
        ? joinProfile(membership, profileParts(work, membership), matcher.traitPolicies(touch.workspace))
        : null,
      version: touch.version,
    });
  }
  const identifiers: IdentifierChange[] = [];
  for (const { ref, touch, owner } of owners) {
    const row = work.get(IDENTIFIERS, ref);
    if (owner === undefined || row === undefined) continue;
    identifiers.push({
      ...touch,
      ref,
      namespace: row.ns,
      profileId: owner,
      firstSeen: row.first,
      lastSeen: row.last,
      source: row.source,
      ...matchKeyOf(row),
    });
  }
  return { profiles, identifiers };
}

function matchKeyOf({ ns, value }: IdentifierRow): Pick<IdentifierChange, 'matchKey'> {
  const matchKey = ns === 'email' ? emailMatchKey(value) : undefined;
  return matchKey === undefined ? {} : { matchKey };
}

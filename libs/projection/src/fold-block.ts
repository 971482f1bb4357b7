import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, ProfileId } from '#kernel';
import { NIL_PROFILE } from '#kernel';
import { foldGuesses } from '#correction';
import type { IdentityStep, Matcher, Move } from '#identity';
import { foldProfile, loadProfiles, profileInputOf } from '#profile';
import { jsonCollection } from '#state-store';
import type { UnitOfWork } from '#state-store';
import { TOUCHPOINT_NAMESPACE } from '#touchpoint';
import { placeOfWord, workspaceOfWord } from './commands.ts';
import type { OperatorWord } from './commands.ts';
import { foldActivity } from './fold-activity.ts';
import { correctionChanges, loadCorrections, obeyVerdict } from './fold-corrections.ts';
import type { AliasChange, CommandFact, FoldedBlock, TouchpointFact } from './folded-block.ts';
import { observationOf } from './observation.ts';
import type { OpenedTouchpoint } from './opened.ts';
import { changesOf } from './profile-changes.ts';
import type { IsDead, Touched } from './profile-changes.ts';

/**
 * Version of what folds make of a log. Raised by every change that gives other state or other rows for the same
 * events: a start with another version rebuilds.
 */
export const FOLD_VERSION = 10;

/** Log time per workspace: the running maximum of `receivedAt`, ms since 1970 UTC. */
export const CLOCK = jsonCollection<number>('clock');

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
  isDead: IsDead = () => false,
): Promise<Omit<FoldedBlock, 'arrivals' | 'erased'>> {
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
      commands.push(await obey(work, matcher, word, touched, isDead));
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
    if (anchor !== null)
      for (const { ref } of envelope.refs) if (!isDead(ref, position)) touched.refs.set(ref, touch);
    for (const { ref } of moved) touched.refs.set(ref, touch);
    for (const profileId of step.changed) touched.profiles.set(profileId, touch);
    if (step.profileId !== NIL_PROFILE) touched.profiles.set(step.profileId, touch);
    if (i % STRETCH === STRETCH - 1) await nextTurn();
  }
  await obeyUntil(undefined);
  const corrections = await correctionChanges(work, matcher, touchpoints, words);
  const { sessionIds, changes } = await foldActivity(work, matcher, touchpoints);
  const placed = facts.map((fact, i) => ({ ...fact, sessionId: sessionIds[i] }));
  return {
    facts: placed,
    commands,
    corrections,
    ...(await changesOf(work, matcher, touched, isDead)),
    ...changes,
  };
}

async function obey(
  work: UnitOfWork,
  matcher: Matcher,
  word: OperatorWord,
  touched: Touched,
  isDead: IsDead,
): Promise<CommandFact> {
  const { workspace, at } = workspaceOfWord(word);
  const position = placeOfWord(word);
  const recordedAt = Math.max(work.get(CLOCK, workspace) ?? 0, at);
  work.set(CLOCK, workspace, recordedAt);
  const step =
    word.kind === 'order'
      ? await matcher.command(work, word.command)
      : await obeyVerdict(work, matcher, { ...word.verdict, recordedAt }, touched.refs, isDead);
  const { moved, decisions, changed } = step;
  const touch = { workspace, version: position };
  for (const { ref } of moved) touched.refs.set(ref, touch);
  for (const profileId of changed) touched.profiles.set(profileId, touch);
  const aliases = await aliasChanges(work, matcher, step);
  return { workspace, position, recordedAt, moved, decisions, aliases };
}

/** Ids that a step gave away or gave back. Only what moves identifiers between profiles does either. */
export async function aliasChanges(
  work: UnitOfWork,
  matcher: Matcher,
  step: IdentityStep,
): Promise<AliasChange[]> {
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

import { NIL_PROFILE } from '#kernel';
import type { Position, Ref } from '#kernel';
import { foldVerdict, guessesOf, loadGuesses } from '#correction';
import type { PlacedVerdict, VerdictInput } from '#correction';
import type { IdentityStep, Matcher } from '#identity';
import { foldIdentifiers, IDENTIFIERS, loadProfiles } from '#profile';
import type { UnitOfWork } from '#state-store';
import type { OperatorWord } from './commands.ts';
import type { CorrectionChange, Owned } from './folded-block.ts';
import { observationOfVerdict } from './observation.ts';
import type { OpenedTouchpoint } from './opened.ts';
import type { IsDead, Touch } from './profile-changes.ts';

type Verdict = VerdictInput & { readonly position: Position };

/** Loads what a block's guesses and the words on them read. */
export async function loadCorrections(
  work: UnitOfWork,
  touchpoints: readonly OpenedTouchpoint[],
  words: readonly OperatorWord[],
): Promise<void> {
  const pairs = touchpoints.flatMap(({ guesses }) => guesses?.guesses ?? []);
  const verdicts = verdictsOf(words);
  if (pairs.length === 0 && verdicts.length === 0) return;
  await loadGuesses(work, [...pairs, ...verdicts]);
  await loadProfiles(
    work,
    [...pairs, ...verdicts].flatMap(({ from, to }) => [from, to]),
  );
}

/**
 * Folds a word on a guess. A confirmed guess is an identifier from here on, first seen when it was confirmed: identity
 * observes it beside what was typed, as of a system of record. A rejected one tells identity nothing, as it never was
 * told of it, and neither does a second word on the same guess.
 */
export async function obeyVerdict(
  work: UnitOfWork,
  matcher: Matcher,
  verdict: PlacedVerdict,
  touched: Map<Ref, Touch>,
  isDead: IsDead,
): Promise<IdentityStep> {
  const { workspace, position, from, to, at } = verdict;
  // On its way when the person was erased.
  if (isDead(from, position) || isDead(to, position))
    return { profileId: NIL_PROFILE, moved: [], decisions: [], changed: [] };
  const stands = foldVerdict(work, verdict);
  if (!stands || verdict.verdict !== 'confirmed') {
    return { profileId: NIL_PROFILE, moved: [], decisions: [], changed: [] };
  }
  const guess = guessesOf(work, from)?.guesses[to];
  if (guess !== undefined) {
    const { ns, value, source } = guess;
    foldIdentifiers(work, { identifiers: [{ ns, ref: to, value }], at, position, source });
  }
  const observation = observationOfVerdict(verdict);
  await matcher.load(work, [observation]);
  touched.set(to, { workspace, version: position });
  return matcher.observe(work, observation);
}

/** The guesses that a block's touchpoints and words changed, after both were folded. */
export async function correctionChanges(
  work: UnitOfWork,
  matcher: Matcher,
  touchpoints: readonly OpenedTouchpoint[],
  words: readonly OperatorWord[],
): Promise<Owned<CorrectionChange>[]> {
  const touched = new Map<Ref, Position>();
  for (const { guesses, position } of touchpoints) {
    if (guesses === undefined) continue;
    for (const { from } of guesses.guesses) touched.set(from, position);
  }
  for (const { from, position } of verdictsOf(words)) {
    if (position > (touched.get(from) ?? 0n)) touched.set(from, position);
  }
  if (touched.size === 0) return [];
  await matcher.loadHolders(work, touched.keys());
  return [...touched].flatMap(([anchor, version]) => {
    const row = guessesOf(work, anchor);
    if (row === undefined) return [];
    const typed = work.get(IDENTIFIERS, anchor)?.value ?? '';
    const value = { workspace: row.workspace, anchor, typed, row };
    return [{ value, version, profileId: matcher.holderOf(work, anchor) ?? NIL_PROFILE }];
  });
}

function verdictsOf(words: readonly OperatorWord[]): Verdict[] {
  return words.flatMap((word) => (word.kind === 'verdict' ? [word.verdict] : []));
}

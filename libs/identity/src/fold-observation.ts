import { NIL_PROFILE } from '#kernel';
import type { UnitOfWork } from '#state-store';
import type { EnvelopeRef } from '#touchpoint';
import type { IdentityStep } from './identity.types.ts';
import { contradictionIn, isUnattributed } from './mentions.ts';
import { noteEvidence } from './note-evidence.ts';
import { holderIfKnown, isAtHand, isTold, loadReadings, readingOf, saying, type Reading } from './reading.ts';
import { settle } from './settle.ts';
import { Step } from './step.ts';
import { tellBlocked } from './tell-links.ts';

/**
 * Folds one observation: notes what it says, then unites what is clean or resolves what is not. Answers at once where
 * all it reads is loaded and nothing is contested, as nearly always: waiting would cost as much as the fold.
 */
export function foldObservation(work: UnitOfWork, reading: Reading): IdentityStep | Promise<IdentityStep> {
  if (!isTold(work, reading)) return loaded(work, reading, () => foldObservation(work, reading));
  const known = holderIfKnown(work, reading);
  if (known !== undefined) return { profileId: known, moved: [], changed: [], decisions: [] };
  if (!isAtHand(work, reading)) return loaded(work, reading, () => foldUnknown(work, reading));
  return foldUnknown(work, reading);
}

function foldUnknown(work: UnitOfWork, reading: Reading): IdentityStep | Promise<IdentityStep> {
  const { observation, rules, mentions } = reading;
  const step = new Step(work, observation, rules);
  const isErased = ({ ref }: EnvelopeRef) => step.ref(ref)?.erased === true;
  const [anchor] = mentions;
  if (anchor === undefined || !mentions.some(isErased)) return foldNews(step, reading, anchor);
  const living = readingOf(
    observation,
    rules,
    mentions.filter((one) => !isErased(one)),
  );
  const fold = () => foldNews(step, living, isErased(anchor) ? undefined : anchor);
  return isAtHand(work, living) ? fold() : loaded(work, living, fold);
}

/** `anchor`: decides whose the observation is; nobody's without one. */
function foldNews(
  step: Step,
  reading: Reading,
  anchor: EnvelopeRef | undefined,
): IdentityStep | Promise<IdentityStep> {
  const { observation, mentions, linking, record } = reading;
  for (const { ns, ref } of mentions) {
    const row = step.ref(ref);
    if (!row?.ns) step.setRef(ref, { ...row, ns });
  }
  const isNobodys = isUnattributed(observation.refs);
  const isContradiction = tellContradiction(step, isNobodys ? observation.refs : linking);
  const said = isContradiction || isNobodys ? saying([], record) : reading.said;
  const settled = settle(step, noteEvidence(step, reading, said), reading);
  const finish = (): IdentityStep => {
    if (linking !== mentions) tellBlocked(step, mentions);
    const holder = anchor === undefined ? undefined : step.ref(anchor.ref)?.profileId;
    return step.result(holder ?? NIL_PROFILE);
  };
  return settled === undefined ? finish() : settled.then(finish);
}

function tellContradiction(step: Step, refs: readonly EnvelopeRef[]): boolean {
  const identifiers = contradictionIn(refs, step.rules).map(({ ns, ref }) => ({ ns, ref }));
  if (identifiers.length === 0) return false;
  step.tell('LinkRejected', NIL_PROFILE, { rule: 'R3', details: { reason: 'CONTRADICTION', identifiers } });
  return true;
}

/** Folds once everything that news could read is loaded. */
async function loaded<T>(work: UnitOfWork, reading: Reading, fold: () => T): Promise<Awaited<T>> {
  await loadReadings(work, [reading], () => true);
  return await fold();
}

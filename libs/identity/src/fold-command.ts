import { NIL_PROFILE, type Ref } from '#kernel';
import { COMMANDS, isQuarantined, OPERATED, REFS, type CommandRow, type RefRow } from './identity-rows.ts';
import type { Command, Erasure, IdentityStep } from './identity.types.ts';
import { distrustEvidence } from './links.ts';
import { reresolve } from './reresolve.ts';
import type { Step } from './step.ts';

/** Folds an operator's command. One that was folded before, or undoes nothing, changes nothing. */
export async function foldCommand(step: Step, order: Command): Promise<IdentityStep> {
  const { work } = step;
  await work.load(COMMANDS, [order.eventId]);
  if (work.get(COMMANDS, order.eventId) !== undefined) return step.result(NIL_PROFILE);
  const { position, ...command } = order;
  const target =
    order.kind === 'undo' ? await undo(step, order.command) : { command, position: position.toString() };
  work.set(COMMANDS, order.eventId, { command, position: position.toString() });
  if (target === undefined) return step.result(NIL_PROFILE);

  const refs = namedIn(target.command);
  await work.load(REFS, refs);
  await work.load(OPERATED, refs);
  const flipped = new Set<Ref>();
  for (const ref of refs) {
    const before: RefRow = step.ref(ref) ?? { ns: '' };
    if (order.kind !== 'undo') work.set(OPERATED, ref, [...(work.get(OPERATED, ref) ?? []), order.eventId]);
    const row = await marked(step, ref, { ...before, operated: true });
    step.setRef(ref, row);
    if (target.command.kind === 'release') await distrustEvidence(work, ref, row);
    if (isQuarantined(row) !== isQuarantined(before)) flipped.add(ref);
  }
  const reason = target.command.kind === 'release' ? 'RELEASED' : 'FORBIDDEN';
  await reresolve(step, { seeds: refs, evidenceBefore: new Map(), flipped, mentions: [], reason });
  return step.result(NIL_PROFILE);
}

/** Folds an erasure: from here on the refs are dropped from observations and held apart from living ones. */
export async function foldErasure(step: Step, erasure: Erasure): Promise<IdentityStep> {
  const refs = [...new Set(erasure.refs)];
  await step.work.load(REFS, refs);
  const living = refs.filter((ref) => step.ref(ref)?.erased !== true);
  for (const ref of living) {
    const row: RefRow = { ...(step.ref(ref) ?? { ns: '' }), erased: true };
    step.setRef(ref, row);
    await distrustEvidence(step.work, ref, row);
  }
  const none = new Set<Ref>();
  if (living.length > 0)
    await reresolve(step, {
      seeds: living,
      evidenceBefore: new Map(),
      flipped: none,
      mentions: [],
      reason: 'ERASED',
    });
  return step.result(NIL_PROFILE);
}

/** Takes a command back and answers it; `undefined` if there is none that stands. */
async function undo({ work }: Step, id: string): Promise<CommandRow | undefined> {
  await work.load(COMMANDS, [id]);
  const row = work.get(COMMANDS, id);
  if (row === undefined || row.undone === true || row.command.kind === 'undo') return undefined;
  work.set(COMMANDS, id, { ...row, undone: true });
  return row;
}

/** The marks that an identifier's standing commands leave. */
async function marked({ work }: Step, ref: Ref, row: RefRow): Promise<RefRow> {
  const ids = work.get(OPERATED, ref) ?? [];
  await work.load(COMMANDS, ids);
  let marks: Pick<RefRow, 'released' | 'lifted' | 'era'> = { released: undefined, lifted: undefined };
  for (const id of ids) {
    const { command, position, undone } = work.get(COMMANDS, id) as CommandRow;
    const stands = undone !== true;
    if (command.kind === 'lift' && stands) marks = { ...marks, lifted: true };
    if (command.kind !== 'release') continue;
    marks = { ...marks, era: position, ...(stands ? { released: position } : {}) };
  }
  return { ...row, ...marks };
}

/** Identifiers that a command is about; none of those of the one that an `undo` takes back. */
export function namedIn(command: CommandRow['command']): readonly Ref[] {
  switch (command.kind) {
    case 'force_merge':
      return [...new Set(command.refs)];
    case 'forbid':
      return [command.a, command.b];
    case 'release':
    case 'lift':
      return [command.ref];
    case 'undo':
      return [];
  }
}

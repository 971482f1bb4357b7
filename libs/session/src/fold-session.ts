import type { UnitOfWork } from '#state-store';
import { aggregateOf, joinAggregates } from './aggregate.ts';
import { addAliases, pageKeys, takeAliases } from './alias-pages.ts';
import { dayKey, daysInReach, reaches, withEvent, type Segment } from './segments.ts';
import { sessionIdOf, type SessionId } from './session-id.ts';
import type { SessionInput } from './session-input.ts';
import { ALIASES, DAYS, livingId, livingRow, SESSIONS } from './session-rows.ts';

/** A session id that stood for one session and stands for another from this position on. */
export interface SessionMerge {
  readonly from: SessionId;
  /** Always a living session. */
  readonly to: SessionId;
}

/** What one event did to the sessions of its device. */
export interface SessionStep {
  /** Session of the event at its own position. */
  readonly sessionId: SessionId;
  /**
   * Ids that changed: at most one session loses its life to an earlier one, and all that had been merged into it
   * before are told again, so that whoever keeps the newest word on an id needs one look-up to find its session.
   */
  readonly merged: readonly SessionMerge[];
  /** Sessions to write anew: the event's own, and the one that ended in it, for which `sessionOf` is `null`. */
  readonly changed: readonly SessionId[];
}

/**
 * Loads all that `foldSession` reads for these events. What an event meets is a stored segment in its reach, or one
 * that an earlier event of the block has made or drawn in; the sessions of the latter were in that one's reach, and
 * rows born in the block need no reading. So it is enough to look at each event alone. Two batch reads, and up to
 * two more where sessions have been merged.
 */
export async function loadSessions(work: UnitOfWork, inputs: readonly SessionInput[]): Promise<void> {
  await work.load(
    DAYS,
    inputs.flatMap(({ device, at }) => daysInReach(device, at)),
  );
  const named = new Set(inputs.flatMap((input) => segmentsInReach(work, input).map(([, , id]) => id)));
  await work.load(SESSIONS, named);
  const living = new Set([...named].map((id) => livingId(work, id)));
  await work.load(SESSIONS, living);
  await work.load(
    ALIASES,
    [...living].flatMap((id) => pageKeys(id, livingRow(work, id).aliases)),
  );
}

/**
 * Folds one event, in log order; an event must come once. Reads and writes only through `work`. Throws
 * `RowNotLoaded` for events that `loadSessions` was not told of, `SessionMissing` on damaged state.
 */
export function foldSession(work: UnitOfWork, input: SessionInput): SessionStep {
  const { workspace, device, at } = input;
  // Sessions lie more than 30 minutes apart: one on either side is all that an event can reach.
  const [earlier, later] = new Set(segmentsInReach(work, input).map(([, , id]) => livingId(work, id)));
  const sessionId = earlier ?? sessionIdOf(workspace, device, input.eventId);
  const merged = later === undefined ? [] : merge(work, later, sessionId);
  const said = aggregateOf(input);
  if (earlier === undefined) work.set(SESSIONS, sessionId, { workspace, device, aliases: 0, ...said });
  else {
    const row = livingRow(work, sessionId);
    work.set(SESSIONS, sessionId, { ...row, ...joinAggregates(row, said) });
  }
  const day = dayKey(device, at);
  work.set(DAYS, day, withEvent(work.get(DAYS, day) ?? [], at, sessionId));
  return { sessionId, merged, changed: later === undefined ? [sessionId] : [sessionId, later] };
}

/** Segments that an event belongs to, in order of time. */
function segmentsInReach(work: UnitOfWork, { device, at }: SessionInput): Segment[] {
  return daysInReach(device, at).flatMap((day) =>
    (work.get(DAYS, day) ?? []).filter((segment) => reaches(segment, at)),
  );
}

/** Segments of `from` in other days keep its id, which is an alias from now on: a long session costs no more. */
function merge(work: UnitOfWork, from: SessionId, to: SessionId): SessionMerge[] {
  const lost = livingRow(work, from);
  const kept = livingRow(work, to);
  const ids = [from, ...takeAliases(work, from, lost.aliases)];
  for (const id of ids) work.set(SESSIONS, id, { into: to });
  addAliases(work, to, kept.aliases, ids);
  work.set(SESSIONS, to, {
    ...kept,
    ...joinAggregates(kept, lost),
    aliases: kept.aliases + ids.length,
  });
  return ids.map((id) => ({ from: id, to }));
}

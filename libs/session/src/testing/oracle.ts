import { compareText, type Ref } from '#kernel';
import { SESSION_GAP } from '../segments.ts';
import { sessionIdOf, type SessionId } from '../session-id.ts';
import type { SessionInput } from '../session-input.ts';
import type { Session } from '../session.ts';

/** A session as a reader of the whole history sees it: its events by time, place in the batch, place in the log. */
export interface Visit {
  readonly id: SessionId;
  readonly events: readonly SessionInput[];
}

/** Sessions after each event of a history, cut anew from all events so far; one list per event. */
export function visitsAfterEach(history: readonly SessionInput[]): Visit[][] {
  const lists: Visit[][] = [];
  let before: readonly Visit[] = [];
  for (const [i, newest] of history.entries()) {
    const now: Visit[] = cut(history.slice(0, i + 1)).map((events) => {
      const had = before.filter((visit) => visit.events.some((event) => events.includes(event)));
      had.sort((a, b) => startOf(a) - startOf(b) || compareText(a.id, b.id));
      return { id: had[0]?.id ?? sessionIdOf(newest.workspace, newest.device, newest.eventId), events };
    });
    lists.push(now);
    before = now;
  }
  return lists;
}

/** The row that a session's events make. */
export function sessionFrom({ id, events }: Visit): Session {
  const [first, ...rest] = events as [SessionInput, ...SessionInput[]];
  const paths = events.map(({ path }) => path).filter((path) => path !== '');
  const best = Math.min(...events.map(({ priority }) => priority));
  const endedAt = rest.at(-1)?.at ?? first.at;
  return {
    sessionId: id,
    workspace: first.workspace,
    device: first.device,
    anchor: events.find(({ priority }) => priority === best)?.anchor as Ref,
    startedAt: first.at,
    endedAt,
    eventCount: events.length,
    entryPath: paths[0] ?? '',
    exitPath: paths.at(-1) ?? '',
    campaign: events.find(({ campaign }) => campaign !== '')?.campaign ?? '',
    source: first.source,
    durationS: (endedAt - first.at) / 1_000,
  };
}

function cut(events: readonly SessionInput[]): SessionInput[][] {
  const sorted = events.toSorted(
    (a, b) =>
      compareText(a.device, b.device) ||
      a.at - b.at ||
      a.index - b.index ||
      (a.position < b.position ? -1 : 1),
  );
  const sessions: SessionInput[][] = [];
  for (const event of sorted) {
    const open = sessions.at(-1);
    const last = open?.at(-1);
    if (open !== undefined && last?.device === event.device && event.at - last.at <= SESSION_GAP) {
      open.push(event);
    } else sessions.push([event]);
  }
  return sessions;
}

function startOf({ events }: Visit): number {
  return events[0]?.at ?? 0;
}

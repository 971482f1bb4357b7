import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import type { SessionInput } from '../session-input.ts';

/** Midnight at the end of 2 January 1970 UTC: what specs count minutes from. */
export const MIDNIGHT = 2 * 86_400_000;

/** An event at the device `d1`; `place` is its place in the log, `minute` its time from `MIDNIGHT`. */
export function input(
  over: Partial<SessionInput> & { readonly place: number; readonly minute?: number },
): SessionInput {
  const { place, minute = 0, ...rest } = over;
  return {
    workspace: 'default' as Workspace,
    device: 'd1' as Ref,
    anchor: 'd1' as Ref,
    priority: 10,
    eventId: `event-${place}` as EventId,
    position: BigInt(place) as Position,
    at: MIDNIGHT + minute * 60_000,
    index: 0,
    path: '',
    campaign: '',
    source: 'web' as SourceName,
    ...rest,
  };
}

/** Events of one device at these minutes, in log order. */
export function atMinutes(...minutes: readonly number[]): SessionInput[] {
  return minutes.map((minute, i) => input({ place: i + 1, minute }));
}

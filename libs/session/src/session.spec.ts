import { describe, expect, it } from '@jest/globals';
import type { Ref, SourceName } from '#kernel';
import { RowNotLoaded, UnitOfWork } from '#state-store';
import { ALIASES_A_PAGE } from './alias-pages.ts';
import { SessionMissing } from './errors.ts';
import { foldSession, loadSessions } from './fold-session.ts';
import type { SessionId } from './session-id.ts';
import type { SessionInput } from './session-input.ts';
import { sessionOf } from './session.ts';
import { atMinutes, input, MIDNIGHT } from './testing/inputs.ts';
import { Rows, Tables } from './testing/tables.ts';

/** How many events each session has after the events at these minutes, in order of time. */
async function counts(...minutes: number[]): Promise<number[]> {
  const { sessions } = await new Tables().fold(atMinutes(...minutes));
  return [...sessions.values()].sort((a, b) => a.startedAt - b.startedAt).map((one) => one.eventCount);
}

describe('where a session ends', () => {
  it.each([
    ['30 minutes to the millisecond still join', [0, 30], [2]],
    ['a millisecond more does not', [0, 30 + 1 / 60_000], [1, 1]],
    ['also across midnight', [-15, 15], [2]],
    ['nor there', [-15, 15 + 1 / 60_000], [1, 1]],
    ['the end of one activity counts, not its start', [0, 20, 40, 60], [4]],
    ['a late event between two joins them', [0, 60, 30], [3]],
    ['a late event too far from one joins the other', [0, 61, 31], [1, 2]],
    ['a late event before a session starts it', [20, 0], [2]],
    [
      'the day after tomorrow is reached step by step',
      [0, 1440, ...Array.from({ length: 47 }, (_, i) => 30 * i + 30)],
      [49],
    ],
  ])('%s', async (_, minutes, expected) => {
    expect(await counts(...minutes)).toEqual(expected);
  });

  it('is known per device', async () => {
    const { sessions } = await new Tables().fold([
      input({ place: 1 }),
      input({ place: 2, device: 'd2' as Ref }),
    ]);
    expect([...sessions.values()].map(({ device }) => device)).toEqual(['d1', 'd2']);
  });
});

describe('a session', () => {
  it('sums up its events by their own order, not by that of the log', async () => {
    const inputs = [
      input({ place: 1, minute: 20, path: '/exit', campaign: 'autumn', source: 'app' as SourceName }),
      input({ place: 2, minute: 25.0015, anchor: 'e1' as Ref, priority: 5 }),
      input({ place: 3, minute: 10, path: '/entry', index: 1, anchor: 'u1' as Ref, priority: 1 }),
      input({ place: 4, minute: 12, campaign: 'spring', anchor: 'u2' as Ref, priority: 1 }),
      input({ place: 5, minute: 10, source: 'first' as SourceName, anchor: 'e0' as Ref, priority: 5 }),
    ];
    const { sessions, recorded } = await new Tables().fold(inputs);
    expect([...sessions.values()]).toEqual([
      {
        sessionId: [...recorded.values()][0],
        workspace: 'default',
        device: 'd1',
        anchor: 'u1',
        startedAt: MIDNIGHT + 600_000,
        endedAt: MIDNIGHT + 1_500_090,
        eventCount: 5,
        entryPath: '/entry',
        exitPath: '/exit',
        campaign: 'spring',
        source: 'first',
        durationS: 900.09,
      },
    ]);
  });

  it('is named by the event that founded it, and keeps that name when it grows backwards', async () => {
    const { recorded } = await new Tables().fold(atMinutes(20, 0));
    expect([...recorded.values()]).toEqual([
      'b33c326c-5f6c-5628-9b2f-aa616882c4b2',
      'b33c326c-5f6c-5628-9b2f-aa616882c4b2',
    ]);
  });

  it('gives its name up to an earlier one, wherever the log has them', async () => {
    const { steps, sessions } = await new Tables().fold(atMinutes(60, 0, 30));
    const [late, early, joined] = steps.map(({ sessionId }) => sessionId);
    expect(joined).toBe(early);
    expect(steps[2]).toEqual({
      sessionId: early,
      merged: [{ from: late, to: early }],
      changed: [early, late],
    });
    expect([...sessions.keys()]).toEqual([early]);
  });

  it('is told anew under every name it ever had', async () => {
    const { steps } = await new Tables().fold(atMinutes(120, 60, 0, 90, 30));
    const [third, second, first] = steps.map(({ sessionId }) => sessionId);
    expect(steps[3]?.merged).toEqual([{ from: third, to: second }]);
    expect(steps[4]?.merged).toEqual([
      { from: second, to: first },
      { from: third, to: first },
    ]);
    expect(steps[4]?.changed).toEqual([first, second]);
  });

  it('is found under a name that the day after midnight still has for it', async () => {
    const { state, steps } = await new Tables().fold(atMinutes(10, -40, -20));
    const [late, early] = steps.map(({ sessionId }) => sessionId) as [SessionId, SessionId];
    const work = new UnitOfWork(state);
    const next = input({ place: 4, minute: 40 });
    await loadSessions(work, [next]);
    expect(foldSession(work, next)).toEqual({ sessionId: early, merged: [], changed: [early] });
    expect(sessionOf(work, early)).toMatchObject({ eventCount: 4, durationS: 80 * 60 });
    expect(sessionOf(work, late)).toBeNull();
  });
});

describe('a visitor who never stops', () => {
  const month = Array.from({ length: 30 * 24 * 6 }, (_, i) => input({ place: i, minute: 10 * i }));
  /** Every third event first, which is a session each; then those between, from both ends to the middle. */
  const scattered = [0, 1, 2].flatMap((rest) => {
    const part = month.filter((_, i) => i % 3 === rest);
    return part.map((_, i) => part[i % 2 === 0 ? i / 2 : part.length - (i + 1) / 2] as SessionInput);
  });
  const everyHour = month.filter((_, i) => i % 6 === 0);
  const between = month.filter((_, i) => i % 6 === 3);

  it.each([
    ['in order', month],
    ['backwards', month.toReversed()],
    ['scattered', scattered],
    ['joined forwards', [...everyHour, ...between]],
    ['joined backwards', [...everyHour, ...between.toReversed()]],
  ])('has one session, told %s, and no row grows with it', async (_, inputs) => {
    const tables = await new Tables().fold(inputs, [500, 1, 77]);
    expect([...tables.sessions.values()]).toMatchObject([{ eventCount: inputs.length }]);
    expect(new Set(inputs.map((one) => tables.sessionOf(one)))).toEqual(new Set(tables.sessions.keys()));
    expect(Math.max(...tables.state.sizes('s.sess'))).toBeLessThan(600);
    expect(Math.max(...tables.state.sizes('s.day'))).toBeLessThan(48 * 80);
    expect(Math.max(0, ...tables.state.sizes('s.alias'))).toBeLessThan(ALIASES_A_PAGE * 40);
  });

  it('keeps the ids of hundreds that were merged into it in full pages, and no page of theirs', async () => {
    const inputs = [...everyHour, ...between.toReversed()];
    const { state } = await new Tables().fold(inputs, [100]);
    expect(state.sizes('s.alias')).toHaveLength(Math.ceil((everyHour.length - 1) / ALIASES_A_PAGE));
  });
});

describe('what nobody loaded', () => {
  it('is not read', async () => {
    const work = new UnitOfWork(new Rows());
    await loadSessions(work, atMinutes(0));
    expect(() => foldSession(work, input({ place: 2, minute: -1441 }))).toThrow(RowNotLoaded);
    expect(() => foldSession(work, input({ place: 2, device: 'd2' as Ref }))).toThrow(RowNotLoaded);
  });

  it('is told from damage', async () => {
    const { state, recorded } = await new Tables().fold(atMinutes(0));
    state.rows.delete(`s.sess ${[...recorded.values()][0]}`);
    await expect(loadSessions(new UnitOfWork(state), atMinutes(5))).rejects.toThrow(SessionMissing);
  });
});

import { expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import { UnitOfWork } from '#state-store';
import { eraseSessions } from './erase-sessions.ts';
import { input } from './testing/inputs.ts';
import { Tables } from './testing/tables.ts';

it('the visits of a device go, merged ones and their aliases too, and those of others stay', async () => {
  const mine = [
    input({ place: 1, minute: -50 }),
    input({ place: 2, minute: 0 }),
    // Joins the two, on two days.
    input({ place: 3, minute: -25 }),
    input({ place: 4, minute: 500 }),
  ];
  const other = input({ place: 5, device: 'd2' as Ref, anchor: 'd2' as Ref });
  const { state } = await new Tables().fold([...mine, other]);
  const before = new Map(state.rows);
  const days = [...before.keys()].filter((key) => key.startsWith('s.day d1/')).map((key) => key.slice(6));
  const work = new UnitOfWork(state);
  await eraseSessions(work, days);
  state.write(work.writes());
  const { state: theirs } = await new Tables().fold([other]);
  expect(state.rows).toEqual(theirs.rows);
});

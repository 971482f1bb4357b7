import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBusyDoor, type BusyDoor } from './testing/busy-door.ts';

let busy: BusyDoor;
beforeAll(async () => {
  busy = await startBusyDoor();
});
afterAll(() => busy.under.close());

describe('a statement that hears nothing', () => {
  it('takes the process along 20 s behind its limit; inserts go on in the next one', async () => {
    const arriving = busy.arrivals();
    const deaf =
      'SELECT arrayLevenshteinDistance(range(400000), arrayReverse(range(400000))) SETTINGS max_execution_time = 1';
    const { code } = await busy.under.ask(deaf);
    await busy.answersAgain();
    await arriving.stop();
    expect(code).toBe(210);
    await busy.expectAllOnce();
  }, 60_000);
});

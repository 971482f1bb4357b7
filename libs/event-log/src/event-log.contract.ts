import { afterAll, beforeAll, describe } from '@jest/globals';
import { appendContract } from './testing/append.contract.ts';
import { subscribeContract } from './testing/subscribe.contract.ts';
import type { LogUnderTest } from './testing/contract-room.ts';
import type { EventLog } from './event-log.port.ts';

/** A log under test. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Closes the log and opens the same one anew, as after a restart of the process. */
  reopen(): Promise<EventLog>;
  /** Closes what is open and removes what the test wrote. */
  destroy(): Promise<void>;
}

/**
 * What every adapter of `EventLog` promises. The log may hold other streams already: the suite uses names of its
 * own.
 */
export function eventLogContract(name: string, open: () => Promise<OpenedLog>): void {
  describe(`${name} keeps the EventLog contract`, () => {
    let opened: OpenedLog;
    let current: EventLog;
    const underTest: LogUnderTest = {
      get log() {
        return current;
      },
      async reopen() {
        current = await opened.reopen();
        return current;
      },
    };

    beforeAll(async () => {
      opened = await open();
      current = opened.log;
    });
    afterAll(() => opened.destroy());

    appendContract(underTest);
    subscribeContract(underTest);
  });
}

import { describe, expect, it } from '@jest/globals';
import { EventStoreStandIn } from '#test/eventstore/stand-in';
import { eventLogContract } from '../../event-log.contract.ts';
import {
  eventsOf,
  idsOf,
  mustAppend,
  newEvents,
  newRoom,
  reachedBy,
  subscribeUntil,
} from '../../testing/contract-room.ts';
import { openEventStoreLog } from './open-event-store-log.ts';
import type { OpenedLog } from '../../event-log.contract.ts';
import type { Delivery, ExpectedRevision } from '../../event-log.port.ts';

async function openedLog(url: string, afterwards = (): void => undefined): Promise<OpenedLog> {
  let log = await openEventStoreLog({ url });
  return {
    log,
    async reopen() {
      await log.close();
      log = await openEventStoreLog({ url });
      return log;
    },
    async destroy() {
      await log.close();
      afterwards();
    },
  };
}

/** What a reader stores is the position of any delivery, also of one that tells progress only. */
function progressCases(name: string, open: () => Promise<OpenedLog>): void {
  describe(name, () => {
    it('begins after any position that told progress', async () => {
      const opened = await open();
      const { log } = opened;
      const room = newRoom();
      const from = await log.head();
      const ids: string[] = [];
      let other: ExpectedRevision = 'noStream';
      for (let round = 0; round < 4; round++) {
        for (let i = 0; i < 10; i++) {
          other = mustAppend(await log.append(room.stream('other'), newEvents(256), other)).revision;
        }
        const events = newEvents(3);
        ids.push(...idsOf(events));
        await log.append(room.stream(`wanted${round}`), events, 'noStream');
      }
      const options = { prefixes: [room.stream('wanted')] };
      const caughtUp = (seen: readonly Delivery[]): boolean => seen.at(-1)?.kind === 'caughtUp';
      const whole = await subscribeUntil(log, { ...options, from }, caughtUp);
      expect(idsOf(eventsOf(whole))).toEqual(ids);
      const marks = whole.filter(({ kind }) => kind === 'progress');
      expect(marks.length).toBeGreaterThanOrEqual(2);
      for (const mark of marks) {
        const before = eventsOf(whole.slice(0, whole.indexOf(mark))).length;
        const rest = await subscribeUntil(log, { ...options, from: reachedBy(mark) }, caughtUp);
        expect(idsOf(eventsOf(rest))).toEqual(ids.slice(before));
      }
      await opened.destroy();
    });
  });
}

async function openedStandIn(): Promise<OpenedLog> {
  const standIn = new EventStoreStandIn();
  await standIn.start();
  return openedLog(standIn.url, () => standIn.stop());
}

eventLogContract('The EventStoreDB adapter on the stand-in', openedStandIn);
progressCases('The EventStoreDB adapter on the stand-in', openedStandIn);

const url = process.env['EVENTSTORE_URL'];
if (url !== undefined) {
  eventLogContract('EventStoreDB', () => openedLog(url));
  progressCases('EventStoreDB', () => openedLog(url));
} else {
  describe('EventStoreDB', () => {
    it('IS NOT CHECKED ON A REAL SERVER: set EVENTSTORE_URL to one of version 23.10 or later', () => {
      console.warn('EVENTSTORE_URL is not set: the EventStoreDB adapter was tested on the stand-in only');
    });
  });
}

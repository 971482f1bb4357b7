import { describe, it } from '@jest/globals';
import { EventStoreStandIn } from '#test/eventstore/stand-in';
import { eventLogContract } from '../../event-log.contract.ts';
import { openEventStoreLog } from './eventstore-event-log.ts';
import type { OpenedLog } from '../../event-log.contract.ts';

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

eventLogContract('The EventStoreDB adapter on the stand-in', async () => {
  const standIn = new EventStoreStandIn();
  await standIn.start();
  return openedLog(standIn.url, () => standIn.stop());
});

const url = process.env['EVENTSTORE_URL'];
if (url !== undefined) eventLogContract('EventStoreDB', () => openedLog(url));
else {
  describe('EventStoreDB', () => {
    it('IS NOT CHECKED ON A REAL SERVER: set EVENTSTORE_URL to one of version 23.10 or later', () => {
      console.warn('EVENTSTORE_URL is not set: the EventStoreDB adapter was tested on the stand-in only');
    });
  });
}

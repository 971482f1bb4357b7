import { eventLogContract } from '../../event-log.contract.ts';
import { openEventStoreLog } from './eventstore-event-log.ts';

const url = process.env['EVENTSTORE_URL'] as string;

eventLogContract('EventStoreDB', async () => {
  let log = await openEventStoreLog({ url });
  return {
    log,
    async reopen() {
      await log.close();
      log = await openEventStoreLog({ url });
      return log;
    },
    destroy: () => log.close(),
  };
});

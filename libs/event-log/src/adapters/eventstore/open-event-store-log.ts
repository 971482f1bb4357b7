import type { EventLog } from '../../event-log.port.ts';

/** Where a log in EventStoreDB is. */
export interface EventStoreLogOptions {
  /** Connection string, `esdb://host:2113?tls=false` or `esdb+discover://user:password@host:2113`. */
  readonly url: string;
  /** How long one try of a call may go without an answer, in milliseconds; 5,000 if not given. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;

/**
 * Opens the log in an EventStoreDB of version 23.10 or later; an empty one is given an id. A position is the commit
 * position. One log a process: the client's appends share state between its instances. Throws `LogUnavailable` if
 * the server does not answer and `LogAccessDenied` if the credentials may not write or read `$all`.
 *
 * The client and its gRPC are loaded by this call alone: an embedded Temas starts without their two hundred modules.
 */
export async function openEventStoreLog({
  url,
  timeoutMs = TIMEOUT_MS,
}: EventStoreLogOptions): Promise<EventLog> {
  const { EventStoreLog } = await import('./eventstore-event-log.ts');
  const log = new EventStoreLog(url, timeoutMs);
  try {
    await log.open();
  } catch (error) {
    await log.close();
    throw error;
  }
  return log;
}

import { EventStoreDBClient } from '@eventstore/db-client';
import type { Readable } from 'node:stream';
import { LogUnavailable } from '../../errors.ts';

/** What is missing from the client's types but is needed to end it. */
interface Disposable {
  readonly disposableStreams: ReadonlySet<Readable>;
}

/** How long the streams of a client may take to end, in milliseconds. */
const DISPOSE_MS = 500;

/**
 * A client of the server or cluster that a connection string names (`esdb://…`, `esdb+discover://…`). Connects with
 * its first call. Throws `LogUnavailable` for a string that is none; never repeats it, it holds a password.
 */
export function openClient(url: string): EventStoreDBClient {
  // With this option the client answers a conflict with a revision that is always 1.
  if (/throwOnAppendFailure=false/i.test(url)) {
    throw new LogUnavailable('the EventStoreDB URL must not set throwOnAppendFailure');
  }
  try {
    return EventStoreDBClient.connectionString(url);
  } catch {
    throw new LogUnavailable('the EventStoreDB URL cannot be read');
  }
}

/**
 * Ends a client's streams; calls under way are rejected. A reply that comes in the same turn must not be seen any
 * more: the client has forgotten its call by then and would throw where nobody can catch it.
 */
export async function disposeClient(client: EventStoreDBClient): Promise<void> {
  for (const stream of (client as unknown as Disposable).disposableStreams) stream.removeAllListeners('data');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DISPOSE_MS);
  });
  await Promise.race([client.dispose().catch(() => undefined), late]);
  clearTimeout(timer);
}

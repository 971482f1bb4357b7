import { randomUUID } from 'node:crypto';
import { UnreadableLog } from '../../errors.ts';
import { LOG_ID_STREAM } from './recorded-event.ts';
import type { Appender } from './appender.ts';
import type { LogReader } from './log-reader.ts';

/**
 * The log's UUID: the first event of a stream of its own, written by whoever opens the log first. Throws
 * `UnreadableLog` if something else stands there.
 */
export async function logId(reader: LogReader, appender: Appender): Promise<string> {
  const found = await read(reader);
  if (found !== undefined) return found;
  const data = Buffer.from(JSON.stringify({ logId: randomUUID() }));
  const event = { id: randomUUID(), type: 'LogCreated', metadata: Buffer.alloc(0), data };
  await appender.append(LOG_ID_STREAM, [event], 'noStream');
  // Another process may have been faster: what stands there counts.
  const id = await read(reader);
  if (id === undefined) throw new UnreadableLog(`the stream ${LOG_ID_STREAM} cannot be written`);
  return id;
}

async function read(reader: LogReader): Promise<string | undefined> {
  for await (const { type, data } of reader.stream(LOG_ID_STREAM, 0n, 1n)) {
    const { logId: id } = JSON.parse(data.toString('utf8')) as { logId?: unknown };
    if (type !== 'LogCreated' || typeof id !== 'string') {
      throw new UnreadableLog(`the stream ${LOG_ID_STREAM} holds no id of a log`);
    }
    return id;
  }
  return undefined;
}

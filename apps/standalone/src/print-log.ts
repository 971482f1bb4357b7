import { once } from 'node:events';
import { join } from 'node:path';
import type { Ref } from '#kernel';
import { openLmdbEventLog } from '#event-log';
import type { RecordedEvent } from '#event-log';
import { openKeyReader } from '#key-store';
import { ORIGIN } from '#kernel';
import {
  anchorOf,
  decodeEnvelope,
  IDENTIFIER_DERIVED_TYPE,
  openTouchpoint,
  TOUCHPOINT_TYPE,
} from '#touchpoint';
import { loadKeys } from '#apps/process';
import { readEnvironment } from '#apps/process';

/**
 * `temas log`: every event of the log, one JSON object a line, opened with the keys. Needs the data directory and
 * the master key; a running Temas is not disturbed. An event whose key was destroyed is printed sealed.
 */
export async function printLog(): Promise<void> {
  const environment = readEnvironment(process.env);
  const dataDir = environment.TEMAS_DATA_DIR;
  const { keys } = loadKeys(environment, dataDir);
  const reader = await openKeyReader({
    path: join(dataDir, 'keys'),
    masterKey: Buffer.from(keys.masterKey, 'hex'),
  });
  const log = await openLmdbEventLog({ path: join(dataDir, 'log') });
  const stop = new AbortController();
  for await (const delivery of log.subscribe({ from: ORIGIN, prefixes: [], signal: stop.signal })) {
    if (delivery.kind === 'caughtUp') break;
    if (delivery.kind !== 'event') continue;
    const line = JSON.stringify(await opened(delivery.event, (ref) => reader.keyOf(ref)));
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  }
  stop.abort();
  await log.close();
  await reader.close();
}

/** Events whose body is sealed under the key of their anchor; the second one is what earlier versions called touchpoints. */
const SEALED: ReadonlySet<string> = new Set([TOUCHPOINT_TYPE, 'TouchpointReceived', IDENTIFIER_DERIVED_TYPE]);

async function opened(event: RecordedEvent, keyOf: (ref: Ref) => Promise<Buffer | null>): Promise<object> {
  const { position, stream, revision, id, type, metadata, data } = event;
  const place = { position: position.toString(), stream, revision: revision.toString(), id, type };
  if (!SEALED.has(type)) return { ...place, data: JSON.parse(data.toString('utf8')) as unknown };
  const envelope = decodeEnvelope(metadata);
  const key = await keyOf(anchorOf(envelope));
  if (key === null) return { ...place, envelope, sealed: 'its key was destroyed' };
  const body = openTouchpoint(envelope, data, key);
  if (body.outcome === 'broken')
    return { ...place, envelope, sealed: 'it does not open with its key: damaged' };
  const { ids, derivations, payload } = body.body;
  return { ...place, envelope, ids, ...(derivations === undefined ? {} : { derivations }), payload };
}

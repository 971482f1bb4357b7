import type { NewEvent, RecordedEvent } from '#event-log';
import { toJsonBytes } from '#kernel';
import type { Workspace } from '#kernel';
import type { ArrivalCount } from './arrival-tally.ts';
import { UnreadableTally } from './errors.ts';

/** Prefix of the streams that hold tallies: `quality-<workspace>.<writer>`. */
export const QUALITY_STREAMS = 'quality-';

/** Name of the event: what one collector counted over some seconds. */
export const TALLY_TYPE = 'ArrivalsTallied';

const SCHEMA = 1;

/** Stream of a writer. */
export function tallyStream(workspace: Workspace, writer: string): string {
  return `${QUALITY_STREAMS}${workspace}.${writer}`;
}

/** A tally as an event of the log. */
export function tallyEvent(id: string, counts: readonly ArrivalCount[]): NewEvent {
  return { id, type: TALLY_TYPE, metadata: Buffer.alloc(0), data: toJsonBytes({ schema: SCHEMA, counts }) };
}

/** What an event of a quality stream counted; `undefined` for one of a type that this version does not know. */
export function readTally({
  stream,
  type,
  data,
}: Pick<RecordedEvent, 'stream' | 'type' | 'data'>):
  { readonly workspace: Workspace; readonly counts: readonly ArrivalCount[] } | undefined {
  if (type !== TALLY_TYPE) return undefined;
  const { schema, counts } = JSON.parse(data.toString('utf8')) as {
    schema: unknown;
    counts: readonly ArrivalCount[];
  };
  if (schema !== SCHEMA) throw new UnreadableTally(String(schema));
  const workspace = stream.slice(QUALITY_STREAMS.length, stream.lastIndexOf('.')) as Workspace;
  return { workspace, counts };
}

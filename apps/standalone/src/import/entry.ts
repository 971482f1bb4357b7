import type { Entry } from './batch.ts';
import type { Mapping } from './mapping/mapping.ts';
import { render } from './mapping/render.ts';
import { messageIdOf } from './message-id.ts';
import type { ReadRecord } from './reading/file-record.ts';

/** How records of one file become entries. A message id that the mapping names goes before the file's. */
export function entryMaker(mapping: Mapping, file: string, digest: string): (record: ReadRecord) => Entry {
  return (record) => {
    if (record.outcome === 'unreadable')
      return { record, outcome: 'refused', field: '', reason: record.reason };
    const rendered = render(mapping, record, file);
    if (rendered.outcome === 'refused') return { record, ...rendered };
    const touchpoint = { messageId: messageIdOf(digest, record.line), ...rendered.touchpoint };
    return { record, outcome: 'ready', json: JSON.stringify(touchpoint) };
  };
}

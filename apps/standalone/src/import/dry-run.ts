import type { SourceName, Workspace } from '#kernel';
import { acceptItem } from '#touchpoint';
import type { Mapping } from './mapping/mapping.ts';
import { render } from './mapping/render.ts';
import type { ReadRecord } from './reading/file-record.ts';

const SHOWN = 10;

/** What a dry run prints, and whether a record of it would be rejected. */
export interface DryRun {
  readonly text: string;
  readonly rejected: number;
}

/**
 * Shows what the first records become and what Temas would say of them; nothing is sent. Message ids are not shown:
 * they need the digest of the whole file.
 *
 * @param now ms since 1970 UTC; times after it would be refused
 */
export async function dryRun(
  mapping: Mapping,
  records: AsyncIterable<ReadRecord>,
  file: string,
  now: number,
): Promise<DryRun> {
  const shown: string[] = [];
  let rejected = 0;
  for await (const record of records) {
    const { text, stored } = preview(mapping, record, file, now);
    shown.push(`line ${record.line}: ${text}`);
    if (!stored) rejected++;
    if (shown.length === SHOWN) break;
  }
  const none = shown.length === 0 ? ['the file has no records'] : [];
  return { text: `${[...none, ...shown].join('\n')}\n`, rejected };
}

function preview(
  mapping: Mapping,
  record: ReadRecord,
  file: string,
  now: number,
): { text: string; stored: boolean } {
  if (record.outcome === 'unreadable') return { text: `rejected: ${record.reason}`, stored: false };
  const rendered = render(mapping, record, file);
  if (rendered.outcome === 'refused') {
    return { text: `rejected: ${rendered.field} ${rendered.reason}`, stored: false };
  }
  const json = JSON.stringify(rendered.touchpoint, null, 2);
  const verdict = acceptItem(rendered.touchpoint, {
    workspace: 'default' as Workspace,
    source: 'default' as SourceName,
    trust: 'server',
    receivedAt: now,
    index: 0,
    strict: true,
  });
  if (verdict.outcome === 'refused') {
    return { text: `${json}\n  rejected: ${verdict.error.code}: ${verdict.error.message}`, stored: false };
  }
  const remarks = verdict.warnings.map(({ code, message }) => `\n  remark: ${code}: ${message}`);
  return { text: `${json}${remarks.join('')}`, stored: true };
}

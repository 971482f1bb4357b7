import { toJsonBytes } from '#kernel';
import type { Authorship } from '../config-event.ts';
import type { ConfigState } from '../config-state.ts';
import type { Decided, TooMany } from '../decided.ts';
import type { Report } from './report.ts';

/** Reports of a workspace at most. */
export const MAX_REPORTS = 1_000;

/** Bytes of all the reports of a workspace, as JSON: they are kept in memory by every process. */
export const MAX_REPORTS_BYTES = 4 * 1024 * 1024;

/** There is no report of this name. */
export interface UnknownReport {
  readonly outcome: 'unknown_report';
}

/** Saves a report, in place of the one that may have its name. */
export function decideSave(
  { reports }: ConfigState,
  { name, kind, definition }: Pick<Report, 'name' | 'kind' | 'definition'>,
  by: Authorship,
): Decided<TooMany> {
  const others = [...reports.values()].filter((report) => report.name !== name);
  if (others.length >= MAX_REPORTS)
    return { refused: { outcome: 'too_many', limit: MAX_REPORTS, unit: 'reports' } };
  const bytes = others.reduce((sum, report) => sum + report.bytes, toJsonBytes(definition).length);
  if (bytes > MAX_REPORTS_BYTES)
    return { refused: { outcome: 'too_many', limit: MAX_REPORTS_BYTES, unit: 'bytes' } };
  return { events: [{ type: 'ReportSaved', report: name, kind, definition, ...by }] };
}

/** No report of this name any more. */
export function decideDiscard(
  { reports }: ConfigState,
  name: string,
  by: Authorship,
): Decided<UnknownReport> {
  if (!reports.has(name)) return { refused: { outcome: 'unknown_report' } };
  return { events: [{ type: 'ReportRemoved', report: name, ...by }] };
}

import { toJsonBytes } from '#kernel';
import type { ReportRemoved, ReportSaved } from '../config-event.ts';
import type { Reports } from './report.ts';

/** The reports after an event. */
export function foldReport(reports: Reports, event: ReportSaved | ReportRemoved): Reports {
  const after = new Map(reports);
  if (event.type === 'ReportRemoved') {
    after.delete(event.report);
    return after;
  }
  const { report: name, kind, definition, at, actor } = event;
  const bytes = toJsonBytes(definition).length;
  return after.set(name, { name, kind, definition, bytes, savedAt: at, savedBy: actor });
}

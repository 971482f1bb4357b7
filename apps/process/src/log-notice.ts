import type { Environment } from './environment.ts';
import type { LogLines } from './metrics.ts';

/** Says what follows from a log that no server keeps: processes on another machine would have another log. */
export function noticeEmbeddedLog({ EVENTSTORE_URL, TEMAS_DATA_DIR }: Environment, lines: LogLines): void {
  if (EVENTSTORE_URL !== undefined) return;
  lines.warn(
    { TEMAS_DATA_DIR },
    'EVENTSTORE_URL is not set: the log is the embedded one, so every process must run on this machine with this ' +
      'data directory',
  );
}

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { ORIGIN, parsePosition } from '#kernel';
import type { Position } from '#kernel';

/** How far a migration has come: everything up to an old position stands in that log. */
export interface MigrationProgress {
  /** Id of the new log. */
  readonly target: string;
  readonly position: Position;
}

/** Progress of an earlier run into the same log; the beginning for another log, or a file that is none. */
export function readProgress(path: string, target: string): MigrationProgress {
  const none = { target, position: ORIGIN };
  if (!existsSync(path)) return none;
  const stored = JSON.parse(readFileSync(path, 'utf8')) as { target: string; position: string };
  const position = parsePosition(stored.position);
  return stored.target === target && position !== undefined ? { target, position } : none;
}

/** Notes progress; durable when it returns. */
export function writeProgress(path: string, { target, position }: MigrationProgress): void {
  const draft = `${path}.new`;
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, JSON.stringify({ target, position: position.toString() }));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, path);
}

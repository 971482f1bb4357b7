import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What belongs to one import: when any of it differs, an interrupted one is not continued. */
export interface ImportIdentity {
  /** SHA-256 of the file's bytes, hex. */
  readonly fileDigest: string;
  /** SHA-256 of the mapping, hex. */
  readonly mappingDigest: string;
  /** Where the touchpoints go: another Temas has none of them. */
  readonly url: string;
  /** Path of the rejects file, to whose length the tally points. */
  readonly rejects: string;
}

/** What has become of the records up to a line. */
export interface Tally {
  /** Line of the last record of which is known what became of it; all before it are known too. */
  readonly line: number;
  readonly read: number;
  /** Stored now or by an earlier run. */
  readonly stored: number;
  readonly rejected: number;
  /** How many stored touchpoints Temas remarked on, by code. */
  readonly warnings: Readonly<Record<string, number>>;
  /** Length of the rejects file when this was true. */
  readonly rejectsBytes: number;
}

/** Content of the progress file. Holds no personal data. */
export interface SavedProgress extends ImportIdentity {
  readonly version: 1;
  /** Size in bytes and time of change, ms: unchanged ones spare reading the file for its digest. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly tally: Tally;
}

/** The tally before the first record. */
export const NOTHING_YET: Tally = { line: 0, read: 0, stored: 0, rejected: 0, warnings: {}, rejectsBytes: 0 };

/** The progress that an interrupted import left; `undefined` if there is none that can be read. */
export async function loadProgress(path: string): Promise<SavedProgress | undefined> {
  try {
    const saved = JSON.parse(await readFile(path, 'utf8')) as SavedProgress;
    return saved.version === 1 ? saved : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the progress file in one step and durably: a kill leaves the old one or the new one. */
export async function saveProgress(path: string, progress: SavedProgress): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(progress, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Takes the progress of an import that came to its end away. */
export async function removeProgress(path: string): Promise<void> {
  await rm(path, { force: true });
}

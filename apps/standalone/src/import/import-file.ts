import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportCall } from './arguments.ts';
import { Door } from './door.ts';
import { entryMaker } from './entry.ts';
import { ImportStopped } from './errors.ts';
import { digestFile } from './file-digest.ts';
import type { Mapping } from './mapping/mapping.ts';
import type { ProgressDisplay } from './progress-display.ts';
import { loadProgress, NOTHING_YET, removeProgress, saveProgress } from './progress-file.ts';
import type { SavedProgress, Tally } from './progress-file.ts';
import { count } from './progress-line.ts';
import { openSource } from './reading/record-source.ts';
import { RejectsFile } from './rejects-file.ts';
import { settle } from './settle.ts';
import type { Target } from './target.ts';
import { transfer } from './transfer.ts';

/** Imports a file from where an earlier run ended; the answer is what became of all its records. */
export async function importFile(
  call: ImportCall,
  mapping: Mapping,
  target: Target,
  display: ProgressDisplay,
  stop: AbortSignal,
): Promise<Tally> {
  let progress = await begin(call, mapping, target, display, stop);
  await saveProgress(call.progress, progress);
  const before = progress.tally;
  const rejects = await RejectsFile.continueAt(call.rejects, before.rejectsBytes);
  const source = await openSource(call.file, mapping);
  let done = 0;
  let doneBefore: number | undefined;
  try {
    display.start(() => ({
      doing: 'importing',
      done,
      total: source.total,
      doneBefore: doneBefore ?? 0,
      rows: progress.tally.read,
      rowsBefore: before.read,
    }));
    const door = new Door(target.url, target.key, stop, (why) => display.say(`Temas: ${why}; trying again`));
    await transfer(before.line, {
      records: source.records,
      toEntry: entryMaker(mapping, basename(call.file), progress.fileDigest),
      done: () => {
        doneBefore ??= before.line === 0 ? 0 : source.done();
        return source.done();
      },
      post: (body) => door.post(body),
      settled: async (batch, answer) => {
        const { tally, rejects: rejected } = settle(progress.tally, batch, answer);
        // The rejects first: of rows behind the saved line, a next run finds and drops them.
        progress = { ...progress, tally: { ...tally, rejectsBytes: await rejects.append(rejected) } };
        await saveProgress(call.progress, progress);
        done = batch.done;
      },
      stop,
    });
    await checkUnchanged(call.file, progress);
  } finally {
    display.stop();
    await rejects.close();
    await source.close();
  }
  await removeProgress(call.progress);
  return progress.tally;
}

/** The progress of an interrupted run, if it is one of the same import; else that of a new one. */
async function begin(
  call: ImportCall,
  mapping: Mapping,
  { url }: Target,
  display: ProgressDisplay,
  stop: AbortSignal,
): Promise<SavedProgress> {
  const saved = call.restart ? undefined : await loadProgress(call.progress);
  const { size, mtimeMs } = await stat(call.file);
  const untouched = saved !== undefined && saved.size === size && saved.mtimeMs === mtimeMs;
  const fileDigest = untouched ? saved.fileDigest : await digestOf(call.file, size, display, stop);
  const mappingDigest = createHash('sha256').update(mapping.text).digest('hex');
  const now = { version: 1, size, mtimeMs, fileDigest, mappingDigest, url, rejects: call.rejects } as const;
  if (saved === undefined) return { ...now, tally: NOTHING_YET };
  const kept =
    saved.rejects === call.rejects && (await RejectsFile.holds(call.rejects, saved.tally.rejectsBytes));
  const changed = [
    ...(saved.fileDigest === fileDigest ? [] : ['the file']),
    ...(saved.mappingDigest === mappingDigest ? [] : ['the mapping']),
    ...(saved.url === url ? [] : ['the address of Temas']),
    ...(kept ? [] : ['the file of rejects']),
  ];
  if (changed.length === 0) {
    display.say(`going on after line ${count(saved.tally.line)}`);
    return { ...now, tally: saved.tally };
  }
  display.say(`beginning anew: ${changed.join(' and ')} changed since the interrupted import`);
  if (saved.mappingDigest !== mappingDigest && saved.tally.stored > 0) {
    display.say(
      'rows that are stored already stay as they were: their message ids are those of the file and line',
    );
  }
  return { ...now, tally: NOTHING_YET };
}

async function digestOf(
  path: string,
  size: number,
  display: ProgressDisplay,
  stop: AbortSignal,
): Promise<string> {
  let done = 0;
  display.start(() => ({ doing: 'reading', done, total: size, doneBefore: 0, rows: 0, rowsBefore: 0 }));
  try {
    return await digestFile(path, (bytes) => (done = bytes), stop);
  } finally {
    display.stop();
  }
}

/** Message ids rest on the digest taken before: rows of other bytes would carry wrong ones. */
async function checkUnchanged(path: string, { size, mtimeMs }: SavedProgress): Promise<void> {
  const now = await stat(path);
  if (now.size === size && now.mtimeMs === mtimeMs) return;
  throw new ImportStopped('the file changed while it was read; import it again when it is complete');
}

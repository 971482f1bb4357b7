import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf } from '#kernel';
import { readArguments, USAGE } from './arguments.ts';
import type { ImportCall } from './arguments.ts';
import { dryRun } from './dry-run.ts';
import { ImportInterrupted, ImportUsage, MappingInvalid } from './errors.ts';
import { importFile } from './import-file.ts';
import { exitCodeOf, Interruption } from './interruption.ts';
import { parseMapping } from './mapping/parse-mapping.ts';
import type { Mapping } from './mapping/mapping.ts';
import { ProgressDisplay } from './progress-display.ts';
import { count, duration } from './progress-line.ts';
import { openSource } from './reading/record-source.ts';
import { targetOf } from './target.ts';

const WRONG_CALL = 2;
const SOME_REJECTED = 3;

/**
 * `temas import <file> --map <mapping.yaml>`: sends the records of a file to a running Temas. Sets the exit code of
 * the process; everything that goes wrong is told on standard error.
 *
 * @param args what follows `import` on the command line
 */
export async function runImport(args: string[]): Promise<void> {
  const interruption = new Interruption();
  try {
    process.exitCode = await run(args, interruption.signal);
  } catch (error) {
    process.exitCode = report(error);
  } finally {
    interruption.release();
  }
}

async function run(args: string[], stop: AbortSignal): Promise<number> {
  const call = readArguments(args);
  if (call === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  await mustBeFile(call.file);
  await mustBeFile(call.map);
  const mapping = parseMapping(await readFile(call.map, 'utf8'));
  if (call.dryRun) return tryOut(call, mapping);
  const began = performance.now();
  const tally = await importFile(call, mapping, targetOf(call), new ProgressDisplay(process.stderr), stop);
  const { read, stored, rejected, warnings } = tally;
  const lines = [
    `${count(read)} read, ${count(stored)} stored, ${count(rejected)} rejected in ${duration((performance.now() - began) / 1000)}`,
    ...Object.entries(warnings).map(([code, times]) => `  remark ${code}: ${count(times)}`),
    ...(rejected > 0 ? [`  rejected rows and reasons: ${call.rejects}`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return rejected > 0 ? SOME_REJECTED : 0;
}

async function tryOut(call: ImportCall, mapping: Mapping): Promise<number> {
  const source = await openSource(call.file, mapping);
  try {
    const { text, rejected } = await dryRun(mapping, source.records, basename(call.file), Date.now());
    process.stdout.write(text);
    return rejected > 0 ? SOME_REJECTED : 0;
  } finally {
    await source.close();
  }
}

async function mustBeFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new ImportUsage(`${path} is not a file that can be read`);
}

function report(error: unknown): number {
  if (error instanceof ImportInterrupted) {
    process.stderr.write('temas import: interrupted; the same command goes on from here\n');
    return exitCodeOf(error.signal);
  }
  process.stderr.write(`temas import: ${messageOf(error)}\n`);
  if (error instanceof ImportUsage) process.stderr.write(`\n${USAGE}`);
  return error instanceof ImportUsage || error instanceof MappingInvalid ? WRONG_CALL : 1;
}

import { join, resolve } from 'node:path';
import { folderOf, loadKeys, openLog, readEnvironment } from '#apps/process';
import type { Environment } from '#apps/process';
import { openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import { openPostgresKeyStore, readHeldKeys } from '#key-store';
import { TemasError } from '#kernel';
import { copyLog } from './copy-log.ts';
import { digestLog } from './log-digest.ts';
import { PositionMap } from './position-map.ts';
import { readProgress, writeProgress } from './progress-file.ts';

const USAGE = `Usage: temas migrate-log

Copies log and keys of TEMAS_DATA_DIR into EVENTSTORE_URL and POSTGRES_URL, which must be new ones. Temas must not run
meanwhile. Cut anywhere, it goes on where it was. State and tables are not copied: the projector builds them anew.
`;

const NOTE_EVERY_MS = 1_000;

/** `temas migrate-log`. Throws where an engine fails, and where both logs do not say the same in the end. */
export async function migrateLog(args: readonly string[]): Promise<void> {
  if (args.length > 0) {
    process.stdout.write(USAGE);
    throw new TemasError('CLI.USAGE', 'migrate-log takes no arguments');
  }
  const environment = readEnvironment(process.env);
  const { EVENTSTORE_URL, POSTGRES_URL } = environment;
  if (EVENTSTORE_URL === undefined || POSTGRES_URL === undefined) {
    process.stdout.write(USAGE);
    throw new TemasError('CLI.USAGE', 'EVENTSTORE_URL and POSTGRES_URL say where to');
  }
  await moveKeys(environment, POSTGRES_URL);
  const source = await openLmdbEventLog({ path: folderOf(environment, 'log') });
  try {
    const target = await openLog(environment);
    try {
      await moveLog(source, target, resolve(environment.TEMAS_DATA_DIR));
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  process.stdout.write('give every process the master key of this data directory as TEMAS_MASTER_KEY\n');
}

async function moveKeys(environment: Environment, url: string): Promise<void> {
  const { keys } = loadKeys(environment, environment.TEMAS_DATA_DIR);
  const masterKey = Buffer.from(keys.masterKey, 'hex');
  const held = await readHeldKeys({ path: folderOf(environment, 'keys'), masterKey: Buffer.from(masterKey) });
  const store = await openPostgresKeyStore({ url, masterKey });
  try {
    await store.adopt(held, (done) => show(`keys ${done} of ${held.refs.length}`));
  } finally {
    await store.close();
  }
  process.stdout.write(`keys: ${held.refs.length} refs, ${held.suppressed.length} suppressed\n`);
}

/** Copies a log into another one and compares both. Throws `MIGRATE.DIFFERS`. */
export async function moveLog(source: EventLog, target: EventLog, folder: string): Promise<void> {
  const file = join(folder, 'migrate-log.json');
  const begun = readProgress(file, target.id);
  const map = PositionMap.open(join(folder, 'migrate-log.positions'), begun.position);
  const until = await source.head();
  let noted = performance.now();
  try {
    const events = await copyLog({
      ...{ source, target, map, until },
      from: begun.position,
      copied: (position, done) => {
        if (performance.now() - noted < NOTE_EVERY_MS) return;
        noted = performance.now();
        map.flush();
        writeProgress(file, { target: target.id, position });
        show(`log ${done} events copied, ${percent(position, until)} %`);
      },
    });
    map.flush();
    writeProgress(file, { target: target.id, position: until });
    process.stdout.write(`log: ${events} events copied in this run\n`);
  } finally {
    map.close();
  }
  const before = await digestLog(source, { until }, (events) => show(`comparing ${events}`));
  const after = await digestLog(target, { most: before.events }, (events) => show(`comparing ${events}`));
  process.stdout.write(
    `old: ${before.events} events ${before.sha256}\nnew: ${after.events} events ${after.sha256}\n`,
  );
  if (before.sha256 !== after.sha256)
    throw new TemasError('MIGRATE.DIFFERS', 'the new log does not say what the old one says; do not use it');
}

function percent(position: bigint, until: bigint): string {
  return (Number((position * 1000n) / (until || 1n)) / 10).toFixed(1);
}

function show(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}   `);
}

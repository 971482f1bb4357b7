import { accessSync, constants } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ImportUsage } from './errors.ts';

/** How the command is called. */
export const USAGE = `Usage: temas import <file> --map <mapping.yaml> [options]

Sends the records of a CSV, NDJSON, Parquet, fixed-width or separated text file to a running Temas.

  --map <file>      mapping: format of the file, and the touchpoint that a record becomes
  --dry-run         show the first ten touchpoints and send nothing
  --url <url>       where Temas answers (default: http://TEMAS_HOST:TEMAS_PORT)
  --key <key>       write key (default: TEMAS_WRITE_KEY, else the one in TEMAS_DATA_DIR)
  --rejects <file>  where rejected records go (default: <file>.rejects.ndjson)
  --restart         begin with the first record, whatever an interrupted import has reached

Exit code: 0 all stored, 3 some rejected, 2 wrong call or mapping, 1 stopped, 130 interrupted. After 1 and 130 the
same command goes on where it ended.
`;

/** A call of the command. Paths are absolute. */
export interface ImportCall {
  readonly file: string;
  readonly map: string;
  readonly dryRun: boolean;
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly rejects: string;
  /** Where the import keeps how far it is. */
  readonly progress: string;
  readonly restart: boolean;
}

/** Reads the command line; `help` if it asks for help. Throws {@link ImportUsage}. */
export function readArguments(args: readonly string[]): ImportCall | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw new ImportUsage('name one file to import');
  if (values.map === undefined) throw new ImportUsage('--map is missing: the mapping file');
  const url = values.url?.replace(/\/+$/, '');
  if (url !== undefined && !/^https?:\/\/[^/]/.test(url))
    throw new ImportUsage('--url must be http://host:port');
  const file = resolve(given);
  const map = resolve(values.map);
  const beside = join(writableFolder(dirname(file)), basename(file));
  const rejects = resolve(values.rejects ?? `${beside}.rejects.ndjson`);
  if (rejects === file || rejects === map) throw new ImportUsage('--rejects must be a file of its own');
  return {
    file,
    map,
    dryRun: values['dry-run'],
    url,
    key: values.key,
    rejects,
    progress: `${beside}.temas-import.json`,
    restart: values.restart,
  };
}

function parsed(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args);
  } catch (error) {
    throw new ImportUsage((error as Error).message);
  }
}

function parse(args: readonly string[]) {
  const off = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const options = {
    map: text,
    url: text,
    key: text,
    rejects: text,
    'dry-run': off,
    restart: off,
    help: off,
  } as const;
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

/** Exports often lie on a read-only mount; what the import writes then lies where it was called. */
function writableFolder(folder: string): string {
  try {
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return resolve('.');
  }
}

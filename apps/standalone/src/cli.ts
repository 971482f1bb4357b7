import { messageOf } from '#kernel';
import { fit } from './fit-command.ts';
import { erase } from './erase.ts';
import { explain } from './explain.ts';
import { attributePaths } from './attribution/command.ts';
import { orderIdentity } from './identity-order.ts';
import { runImport } from './import/index.ts';
import { migrateLog } from './migrate-log/command.ts';
import { printLog } from './print-log.ts';
import { printDigests, rebuild } from './operator.ts';
import { report } from './report-command.ts';
import { reportJourneys } from './report/command.ts';
import { start } from './start.ts';

const COMMANDS: Readonly<Record<string, { readonly run: () => Promise<void>; readonly help: string }>> = {
  start: { run: start, help: 'serve touchpoints in, profiles and SQL out' },
  log: {
    run: printLog,
    help: 'print the event log in the clear, one JSON object a line (needs the master key)',
  },
  import: {
    run: () => runImport(process.argv.slice(3)),
    help: 'send the records of a file (CSV, NDJSON, Parquet, fixed width) as touchpoints',
  },
  identity: {
    run: () => orderIdentity(process.argv.slice(3)),
    help: 'merge, split, release, lift or undo: say who is who, with a reason; rules: by what they are told apart',
  },
  erase: {
    run: () => erase(process.argv.slice(3)),
    help: 'erase a person for good, with a reason, and print the certificate',
  },
  fit: {
    run: () => fit(process.argv.slice(3)),
    help: 'fit a model of customer value and churn; Ctrl-C cancels (temas fit --help)',
  },
  report: {
    run: () => {
      const args = process.argv.slice(3);
      return args[0] === 'journeys' ? reportJourneys(args) : report(args);
    },
    help: 'write a page on customer value and churn (clv), or on funnel, paths, retention, attribution (journeys)',
  },
  explain: {
    run: () => explain(process.argv.slice(3)),
    help: 'tell why identifiers are one person, or are not, and what would part them',
  },
  attribution: {
    run: () => attributePaths(process.argv.slice(3)),
    help: 'share the conversions of the paths in a file among their touches',
  },
  'migrate-log': {
    run: () => migrateLog(process.argv.slice(3)),
    help: 'copy log and keys of this data directory into EventStoreDB and PostgreSQL, and compare',
  },
  rebuild: { run: rebuild, help: 'build profiles and tables anew from the log, compare, switch over' },
  digest: { run: printDigests, help: 'print the SHA-256 of every public view' },
};

const name = process.argv[2] ?? 'help';
const command = COMMANDS[name];
if (command === undefined) {
  const lines = Object.entries(COMMANDS).map(([verb, { help }]) => `  temas ${verb.padEnd(11)} ${help}`);
  process.stdout.write(`Usage:\n${lines.join('\n')}\n`);
  process.exitCode = name === 'help' ? 0 : 2;
} else {
  command.run().catch((error: unknown) => {
    process.stderr.write(`temas ${name}: ${messageOf(error)}\n`);
    process.exit(1);
  });
}

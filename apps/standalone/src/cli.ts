import { messageOf } from '#kernel';

const args = process.argv.slice(3);

/** Each command loads what it needs: what draws reports or parses mappings is a third of all modules. */
const COMMANDS: Readonly<Record<string, { readonly run: () => Promise<void>; readonly help: string }>> = {
  start: {
    run: async () => (await import('./start.ts')).start(),
    help: 'serve touchpoints in, profiles and SQL out',
  },
  log: {
    run: async () => (await import('./print-log.ts')).printLog(),
    help: 'print the event log in the clear, one JSON object a line (needs the master key)',
  },
  import: {
    run: async () => (await import('./import/index.ts')).runImport(args),
    help: 'send the records of a file (CSV, NDJSON, Parquet, fixed width) as touchpoints',
  },
  identity: {
    run: async () => (await import('./identity-order.ts')).orderIdentity(args),
    help: 'merge, split, release, lift or undo: say who is who, with a reason; rules: by what they are told apart',
  },
  erase: {
    run: async () => (await import('./erase.ts')).erase(args),
    help: 'erase a person for good, with a reason, and print the certificate',
  },
  fit: {
    run: async () => (await import('./fit-command.ts')).fit(args),
    help: 'fit a model of customer value and churn; Ctrl-C cancels (temas fit --help)',
  },
  report: {
    run: async () => {
      if (args[0] === 'journeys') return (await import('./report/command.ts')).reportJourneys(args);
      return (await import('./report-command.ts')).report(args);
    },
    help: 'write a page on customer value and churn (clv), or on funnel, paths, retention, attribution (journeys)',
  },
  explain: {
    run: async () => (await import('./explain.ts')).explain(args),
    help: 'tell why identifiers are one person, or are not, and what would part them',
  },
  attribution: {
    run: async () => (await import('./attribution/command.ts')).attributePaths(args),
    help: 'share the conversions of the paths in a file among their touches',
  },
  'migrate-log': {
    run: async () => (await import('./migrate-log/command.ts')).migrateLog(args),
    help: 'copy log and keys of this data directory into EventStoreDB and PostgreSQL, and compare',
  },
  rebuild: {
    run: async () => (await import('./operator.ts')).rebuild(),
    help: 'build profiles and tables anew from the log, compare, switch over',
  },
  digest: {
    run: async () => (await import('./operator.ts')).printDigests(),
    help: 'print the SHA-256 of every public view',
  },
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

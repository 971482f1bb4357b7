import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { attributionResult, MAX_MARKOV_ORDER, MODELS, readPaths } from '#journey';
import type { AttributionResult, Model } from '#journey';
import { TemasError } from '#kernel';
import { asksForHelp } from '../ask-for-help.ts';
import { readPathsFile } from './paths-file.ts';

const USAGE = `Usage: temas attribution --paths <file.csv> [--models ${MODELS.join(',')}] [--order 1] [--json]

The file has a header: path;total_conversions;total_conversion_value;total_null, or path,conversions,value,nulls.
Touches of a path are parted by ">". Nothing is sent anywhere.
`;

/** `temas attribution --paths`: shares the conversions of a file's paths among their touches. */
export async function attributePaths(args: readonly string[]): Promise<void> {
  if (asksForHelp(args)) {
    process.stdout.write(USAGE);
    return;
  }
  const { values } = parseArgs({
    args: [...args],
    options: {
      paths: { type: 'string' },
      models: { type: 'string' },
      order: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  if (values.paths === undefined) {
    process.stdout.write(USAGE);
    throw new TemasError('CLI.USAGE', '--paths is needed');
  }
  const models = values.models === undefined ? MODELS : values.models.split(',').map(modelOf);
  const markovOrder = Number(values.order ?? 1);
  if (!Number.isInteger(markovOrder) || markovOrder < 1 || markovOrder > MAX_MARKOV_ORDER)
    throw new TemasError('CLI.USAGE', `--order must be a whole number from 1 to ${MAX_MARKOV_ORDER}`);
  const read = readPaths(readPathsFile(readFileSync(values.paths, 'utf8')));
  if (read.outcome === 'invalid') {
    const [first] = read.problems;
    throw new TemasError(
      'CLI.PATHS_FILE',
      `${first?.field ?? 'paths'} ${first?.message ?? 'cannot be taken'}`,
    );
  }
  const result = attributionResult(read.paths, { models, markovOrder, halfLifeDays: 7, direct: [] });
  process.stdout.write(values.json === true ? `${JSON.stringify(result, undefined, 2)}\n` : table(result));
}

function modelOf(name: string): Model {
  const model = MODELS.find((known) => known === name.trim());
  if (model === undefined)
    throw new TemasError('CLI.USAGE', `--models: each must be one of ${MODELS.join(', ')}`);
  return model;
}

/** Conversions, value and removal effects by name, six digits behind the point. */
function table(result: AttributionResult): string {
  const models = Object.entries(result.models);
  const names = [...new Set(models.flatMap(([, credits]) => credits.map(({ name }) => name)))].sort();
  const columns = models.flatMap(([model, credits]) => {
    const by = new Map(credits.map((credit) => [credit.name, credit]));
    const column = (title: string, pick: (name: string) => number | undefined): string[] => [
      title,
      ...names.map((name) => pick(name)?.toFixed(6) ?? ''),
    ];
    return [
      column(model, (name) => by.get(name)?.conversions),
      column(`${model} value`, (name) => by.get(name)?.value),
      ...(model === 'markov' ? [column('removal effect', (name) => by.get(name)?.removalEffect)] : []),
    ];
  });
  const all = [['name', ...names], ...columns];
  const widths = all.map((column) => Math.max(...column.map((cell) => cell.length)));
  const lines = Array.from({ length: names.length + 1 }, (_, row) =>
    all
      .map((column, i) =>
        i === 0 ? column[row]?.padEnd(widths[i] ?? 0) : column[row]?.padStart(widths[i] ?? 0),
      )
      .join('  '),
  );
  const notes = result.left.map(({ model, reason }) => `${model} is left out: ${reason}`);
  const chain = result.markov === undefined ? [] : [`P(conversion) ${result.markov.pConversion.toFixed(10)}`];
  const sum = `${result.conversions} conversions worth ${result.value.toFixed(2)}, ${result.nulls} paths without one`;
  return `${[...lines, '', sum, ...chain, ...notes].join('\n')}\n`;
}

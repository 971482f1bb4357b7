import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FitRequest } from '#config';
import { TemasError } from '#kernel';
import { clvPage } from '#report';
import type { ClvReport, RfmCell, ValueBin } from '#report';
import type { FitResult } from '#scoring';
import { ask, askSql } from './operator.ts';

interface ShownFit extends FitResult {
  readonly runId: string;
  readonly status: string;
  readonly endedAt: string;
  readonly request: FitRequest;
}

const USAGE = `Usage: temas report clv [--out clv.html] [--run <run id>]

Writes one HTML page on customer value and churn, from a fit and its scores; the newest fit without --run. It needs no
network and names no person.
`;

/** Steps of the value histogram to a tenfold. */
const BINS_PER_DECADE = 5;

/** `temas report clv`: writes the page. Throws where no fit has given scores. */
export async function report(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: 'string', default: 'clv.html' }, run: { type: 'string' } },
  });
  if (positionals.length !== 1 || positionals[0] !== 'clv') {
    process.stdout.write(USAGE);
    throw new TemasError('CLI.USAGE', 'the reports are clv and journeys');
  }
  const runId = values.run ?? (await newestScored());
  const fit = await ask<ShownFit>('GET', `/v1/analytics/fits/${encodeURIComponent(runId)}`);
  if (fit.status !== 'succeeded' || fit.model === 'gamma_gamma')
    throw new TemasError('CLI.NO_SCORES', `the fit ${runId} has given no scores`);
  const file = resolve(values.out);
  writeFileSync(file, clvPage(await reportOf(fit)));
  process.stdout.write(`${file}\n`);
}

async function newestScored(): Promise<string> {
  const { fits } = await ask<{ fits: { runId: string; status: string; model: string }[] }>(
    'GET',
    '/v1/analytics/fits',
  );
  const found = fits.find(({ status, model }) => status === 'succeeded' && model !== 'gamma_gamma');
  if (found === undefined) throw new TemasError('CLI.NO_SCORES', 'no fit has given scores yet: temas fit');
  return found.runId;
}

async function reportOf(fit: ShownFit): Promise<ClvReport> {
  const { runId, endedAt, request, ...result } = fit;
  // Ids are checked: they stand in statements.
  const scores = `profile_scores WHERE run_id = toUUID('${runId}')`;
  const [totals] = await askSql<ClvReport['totals']>(
    `SELECT toFloat64(count()) AS people, sum(value) AS clv, sum(orders) AS orders365,
            ifNotFinite(avg(churn), 0) AS meanChurn,
            ifNotFinite(sumIf(value, place <= ceil(everybody / 10)) / sum(value), 0) AS topShare
     FROM (SELECT clv AS value, expected_orders_365d AS orders, churn_probability AS churn,
                  row_number() OVER (ORDER BY clv DESC) AS place, count() OVER () AS everybody FROM ${scores})`,
  );
  const bins = await askSql<{ bin: number; people: number }>(
    `SELECT floor(log10(clv) * ${BINS_PER_DECADE}) AS bin, toFloat64(count()) AS people
     FROM ${scores} AND clv >= 0.01 GROUP BY bin ORDER BY bin`,
  );
  const rfm = await askSql<RfmCell>(
    `SELECT r, f, toFloat64(count()) AS people, avg(revenue) AS revenue FROM profile_rfm
     WHERE currency = '${result.currency}' GROUP BY r, f`,
  );
  if (totals === undefined || totals.people === 0)
    throw new TemasError('CLI.NO_SCORES', `scores of the fit ${runId} were replaced by those of a newer one`);
  const { horizonDays, margin, discountRate, timeUnit } = request;
  const values = valueBins(bins, totals.people);
  return { runId, endedAt, horizonDays, margin, discountRate, timeUnit, result, totals, values, rfm };
}

/** Bins from the least to the most, those of nobody too; what is worth less than a hundredth comes first. */
function valueBins(bins: readonly { bin: number; people: number }[], people: number): ValueBin[] {
  const [first, last] = [bins[0]?.bin, bins.at(-1)?.bin];
  if (first === undefined || last === undefined) return [];
  const peopleOf = new Map(bins.map(({ bin, people: n }) => [bin, n]));
  const edge = (bin: number): number => Number((10 ** (bin / BINS_PER_DECADE)).toPrecision(2));
  const shown = Array.from({ length: last - first + 1 }, (_, i): ValueBin => {
    const bin = first + i;
    return { from: edge(bin), to: edge(bin + 1), people: peopleOf.get(bin) ?? 0 };
  });
  const rest = people - shown.reduce((sum, bin) => sum + bin.people, 0);
  return rest > 0 ? [{ from: 0, to: edge(first), people: rest }, ...shown] : shown;
}

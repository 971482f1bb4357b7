import { figure, page, table, escapeHtml } from '../html.ts';
import { figureOf, money, percent, whole } from '../numbers.ts';
import {
  biasText,
  frequencyChart,
  liftChart,
  reliabilityChart,
  rfmChart,
  trackingChart,
  valueChart,
} from './charts.ts';
import type { ClvReport } from './clv-report.ts';

/** The report on customer value and churn as one HTML page that needs nothing else. */
export function clvPage(report: ClvReport): string {
  const { result, runId, endedAt } = report;
  const title = 'Customer value and churn';
  const about = `${modelName(result.model)} over ${whole(result.customers)} customers, ${result.start} to ${result.cutoff}, ${result.currency || result.basis}. Fitted ${endedAt.slice(0, 16).replace('T', ' ')} UTC.`;
  return page(
    title,
    [
      `<h1>${title}</h1><p class="about">${escapeHtml(about)}</p>`,
      facts(report),
      notes(result.warnings),
      `<div class="grid">${figures(report).join('')}${parameters(report)}${errors(report)}</div>`,
      `<footer>Run ${escapeHtml(runId)}. Data ${escapeHtml(result.dataDigest)} (SHA-256 of the purchases that were fitted).</footer>`,
    ].join('\n'),
  );
}

function facts({ totals, result, horizonDays }: ClvReport): string {
  const { currency } = result;
  const shown: readonly (readonly [string, string])[] = [
    [whole(totals.people), 'people with a score'],
    [money(totals.clv, currency), `value of all in ${whole(horizonDays)} days`],
    [money(totals.people === 0 ? 0 : totals.clv / totals.people, currency), 'value of a person, mean'],
    [percent(totals.topShare), 'of it from the best tenth'],
    [whole(totals.orders365), 'orders expected in a year'],
    [percent(totals.meanChurn), `will not return in ${whole(result.churn?.horizonDays ?? 0)} days`],
  ];
  return `<div class="facts">${shown
    .map(([value, name]) => `<div><b>${escapeHtml(value)}</b><span>${escapeHtml(name)}</span></div>`)
    .join('')}</div>`;
}

function notes(warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const items = warnings.map((warning) => `<li>${escapeHtml(warning)}</li>`).join('');
  return `<section class="notes"><h2>Know before you trust it</h2><ul>${items}</ul></section>`;
}

function figures(report: ClvReport): string[] {
  const { result, values, rfm } = report;
  const { heldOut, churn } = result;
  const pictures: string[] = [];
  if (values.length > 0) {
    pictures.push(
      figure(
        'What people are worth',
        valueChart(values, result.currency),
        `People by discounted margin expected within the horizon; each bar is a step on a logarithmic scale. The best tenth holds ${percent(report.totals.topShare)} of all value.`,
      ),
    );
  }
  if (heldOut !== null) {
    pictures.push(
      figure(
        'Calibration by frequency',
        frequencyChart(heldOut),
        `Purchases from ${heldOut.cutoff} to ${heldOut.until}, which the ${heldOut.refitted ? 'model that is judged' : 'model'} had not seen: ${whole(heldOut.orders.totalPredicted)} were expected, ${whole(heldOut.orders.totalActual)} came, ${biasText(heldOut.orders.bias)} expected.`,
      ),
    );
  }
  if (result.tracking.length > 0) {
    pictures.push(
      figure(
        'Cumulative tracking',
        trackingChart(report),
        'Repeat purchases of the customers of the fit. Left of the cutoff the model has seen them, right of it not.',
      ),
    );
  }
  if (churn !== null && churn.later !== null) {
    const { used, recency } = churn.later;
    pictures.push(
      figure(
        'Churn: does the probability come true?',
        reliabilityChart(churn.later),
        `Judged at ${churn.cutoff} over ${churn.horizonDays} days: points on the dashed line were told rightly, larger ones stand for more people. Calibration error ${figureOf(used.calibrationError)}, Brier ${figureOf(used.brier)}; ${percent(used.baseRate)} stayed away.`,
      ),
      figure(
        'Churn: lift',
        liftChart(churn.later),
        `How many times more of those who stayed away than by chance. AUC ${figureOf(used.auc)}; the baseline, time since the last purchase, ${figureOf(recency.auc)}${churn.recencyWins ? ' – it wins' : ''}.`,
      ),
    );
  }
  if (rfm.length > 0) {
    pictures.push(
      figure(
        'RFM map',
        rfmChart(rfm, result.currency),
        'People and their mean revenue by quintiles of recency and frequency. Equal values score the same, so a row may stay empty.',
      ),
    );
  }
  return pictures;
}

function parameters({ result, timeUnit, horizonDays, margin, discountRate }: ClvReport): string {
  const rows = Object.entries(result.parameters).map(([name, value]) => [
    `${modelName(result.model)} ${name}`,
    figureOf(value),
    figureOf(result.standardErrors[name]),
  ]);
  const spend = result.spend?.fit;
  if (spend) {
    for (const [name, value] of Object.entries(spend.parameters)) {
      rows.push([`Gamma-Gamma ${name}`, figureOf(value), figureOf(spend.standardErrors[name])]);
    }
  }
  const text = `Log-likelihood ${result.logLikelihood.toFixed(3)}. Times in ${timeUnit}s, money in ${result.currency}. Value over ${whole(horizonDays)} days, margin ${percent(margin)}, discounted at ${percent(discountRate)} a year.`;
  return `<section><h2>Parameters</h2>${table(['', 'estimate', 'standard error'], rows)}<figcaption>${escapeHtml(text)}</figcaption></section>`;
}

function errors({ result }: ClvReport): string {
  const { heldOut, candidates, churn } = result;
  const parts: string[] = [];
  if (heldOut !== null) {
    const row = (name: string, of: typeof heldOut.orders): string[] => [
      name,
      ...[of.mae, of.rmse, of.msle, of.bias, of.correlation].map(figureOf),
    ];
    parts.push(
      table(
        ['held out', 'MAE', 'RMSE', 'MSLE', 'bias', 'r'],
        [
          row('purchases', heldOut.orders),
          ...(heldOut.revenue ? [row(`revenue, ${result.currency}`, heldOut.revenue)] : []),
        ],
      ),
    );
  }
  if (candidates.length > 0) {
    parts.push(
      table(
        ['model', 'held-out log-likelihood'],
        candidates.map(({ model, heldOutLogLikelihood, reason }) => [
          modelName(model),
          heldOutLogLikelihood === null ? (reason?.detail ?? '–') : heldOutLogLikelihood.toFixed(3),
        ]),
      ),
    );
  }
  if (churn !== null && churn.later !== null) {
    const { probabilityModel, logistic, used, recency } = churn.later;
    const row = (name: string, of: typeof used | null): string[] => [
      name,
      ...[of?.auc, of?.brier, of?.logLoss, of?.calibrationError, of?.topDecile.lift].map(figureOf),
    ];
    parts.push(
      table(
        ['churn', 'AUC', 'Brier', 'log loss', 'ECE', 'top-decile lift'],
        [
          row(modelName(result.model), probabilityModel),
          ...(logistic ? [row('logistic', logistic)] : []),
          row(
            `used: ${churn.scorer === 'logistic' ? 'logistic' : modelName(result.model)}, calibrated`,
            used,
          ),
          ['recency alone', figureOf(recency.auc), '–', '–', '–', figureOf(recency.topDecile.lift)],
        ],
      ),
    );
  }
  return parts.length === 0 ? '' : `<section><h2>How wrong it is</h2>${parts.join('<br>')}</section>`;
}

const NAMES: Readonly<Record<string, string>> = {
  bg_nbd: 'BG/NBD',
  mbg_nbd: 'MBG/NBD',
  pareto_nbd: 'Pareto/NBD',
  gamma_gamma: 'Gamma-Gamma',
};

function modelName(model: string): string {
  return NAMES[model] ?? model;
}

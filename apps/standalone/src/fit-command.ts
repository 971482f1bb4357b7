import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TemasError } from '#kernel';
import type { FitProgress, FitResult } from '#scoring';
import { ask } from './operator.ts';

/** A fit as the API shows it. */
interface Shown extends Partial<FitResult> {
  readonly runId: string;
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly reason: { readonly detail: string } | null;
  readonly progress: FitProgress | null;
}

const OPTIONS = {
  model: 'auto (default), bg_nbd, mbg_nbd, pareto_nbd, gamma_gamma',
  basis: 'purchases or activity',
  'time-unit': 'week (default) or day',
  start: 'first UTC day that counts, YYYY-MM-DD',
  cutoff: 'last UTC day included; the newest day without it',
  currency: 'ISO 4217; the one of most orders without it',
  'horizon-days': 'days of the lifetime value (365)',
  'churn-horizon-days': 'days without a purchase that are churn (90)',
  margin: 'share of revenue that is kept (1)',
  'discount-rate': 'effective annual rate (0.1)',
} as const;

const NUMBERS = new Set(['horizon-days', 'churn-horizon-days', 'margin', 'discount-rate']);

const POLL_MS = 200;

/**
 * `temas fit`: asks the running Temas for a fit, shows how far it is and what it came to. Ctrl-C cancels it. Throws for
 * a fit that has no numbers.
 */
export async function fit(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    const lines = Object.entries(OPTIONS).map(([name, help]) => `  --${name.padEnd(19)} ${help}`);
    process.stdout.write(
      `Usage: temas fit [options]\n${lines.join('\n')}\n  --json                print all of it\n`,
    );
    return;
  }
  const names = Object.keys(OPTIONS).map((name) => [name, { type: 'string' }] as const);
  const { values } = parseArgs({
    args: [...args],
    options: { ...Object.fromEntries(names), json: { type: 'boolean' } },
  });
  const { json, ...given } = values as Record<string, string> & { json?: boolean };
  const body = Object.fromEntries(
    Object.entries(given).map(([name, text]) => [camelCase(name), NUMBERS.has(name) ? Number(text) : text]),
  );
  const { runId } = await ask<{ runId: string }>('POST', '/v1/analytics/fits', body);
  const shown = await watched(runId);
  if (json === true) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  else if (shown.status === 'succeeded') process.stdout.write(tell(shown as Shown & FitResult));
  if (shown.status === 'failed') throw new TemasError('CLI.FIT_FAILED', shown.reason?.detail ?? 'it failed');
  if (shown.status === 'cancelled') process.exitCode = 130;
}

async function watched(runId: string): Promise<Shown> {
  const path = `/v1/analytics/fits/${runId}`;
  const cancel = (): void => {
    // It may have ended in this moment: then its end stands.
    void ask('DELETE', path).catch(() => undefined);
  };
  process.on('SIGINT', cancel);
  try {
    for (;;) {
      const shown = await ask<Shown>('GET', path);
      process.stderr.write(`\r${progressLine(shown).padEnd(70)}`);
      if (shown.status !== 'queued' && shown.status !== 'running') {
        process.stderr.write('\n');
        return shown;
      }
      await pause(POLL_MS);
    }
  } finally {
    process.off('SIGINT', cancel);
  }
}

function progressLine({ status, progress }: Shown): string {
  if (progress === null || status === 'queued') return status;
  const { step, scored, customers, evaluations, logLikelihood } = progress;
  if (step === 'scoring')
    return `scoring ${scored.toLocaleString('en')} of ${customers.toLocaleString('en')}`;
  const best = logLikelihood === null ? '' : `, log-likelihood ${logLikelihood.toFixed(3)}`;
  return evaluations === 0 ? step : `${step}: ${evaluations} evaluations${best}`;
}

function tell(fit: Shown & FitResult): string {
  const { heldOut, churn, spend } = fit;
  const lines = [
    `${fit.model}, ${fit.customers} customers, ${fit.start} to ${fit.cutoff} ${fit.currency}`,
    `log-likelihood ${fit.logLikelihood.toFixed(4)}`,
    ...Object.entries(fit.parameters).map(
      ([name, value]) => `  ${name.padEnd(6)} ${value.toPrecision(7)} ± ${number(fit.standardErrors[name])}`,
    ),
    ...fit.candidates.map(
      ({ model, heldOutLogLikelihood, reason }) =>
        `  ${model}: held-out log-likelihood ${heldOutLogLikelihood?.toFixed(3) ?? `none. ${reason?.detail}`}`,
    ),
  ];
  if (spend?.fit && fit.model !== 'gamma_gamma') {
    const { p, q, v } = spend.fit.parameters;
    lines.push(`gamma_gamma p ${number(p)}, q ${number(q)}, v ${number(v)}`);
  }
  if (heldOut !== null) {
    const { orders } = heldOut;
    lines.push(
      `held out, ${heldOut.cutoff} to ${heldOut.until}: ${orders.totalPredicted.toFixed(1)} orders expected, ${orders.totalActual} came; RMSE ${number(orders.rmse)}, r ${number(orders.correlation)}`,
    );
  }
  if (churn !== null && churn.later !== null) {
    const { used, recency } = churn.later;
    lines.push(
      `churn in ${churn.horizonDays} days (${churn.scorer}): AUC ${number(used.auc)}, Brier ${number(used.brier)}, base rate ${number(used.baseRate)}`,
      `  baseline, time since the last purchase: AUC ${number(recency.auc)}${churn.recencyWins ? ' (it wins)' : ''}`,
    );
  }
  lines.push(
    ...fit.warnings.map((warning) => `note: ${warning}`),
    `data ${fit.dataDigest}`,
    `run ${fit.runId}`,
  );
  return `${lines.join('\n')}\n`;
}

function number(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toPrecision(4);
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { TemasError } from '#kernel';
import { asksForHelp } from '../ask-for-help.ts';
import { ask } from '../operator.ts';
import { collectJourneys } from './collect.ts';
import { journeysPage } from './page.ts';

const USAGE = `Usage: temas report journeys [--out journeys.html] [--steps "Product Viewed,Product Added,Order Completed"]
  [--from 2026-01-01] [--to 2026-02-01] [--conversion <event>] [--value properties.revenue]
  [--period day|week|month] [--timezone Europe/Istanbul]

Without --steps the most frequent events are taken, without --conversion orders, without --timezone that of the
workspace.
`;

const PERIODS = ['day', 'week', 'month'] as const;

/** `temas report journeys`: asks the running Temas and writes one page. */
export async function reportJourneys(args: readonly string[]): Promise<void> {
  if (asksForHelp(args)) {
    process.stdout.write(USAGE);
    return;
  }
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: 'string', default: 'journeys.html' },
      steps: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      conversion: { type: 'string' },
      value: { type: 'string' },
      period: { type: 'string', default: 'week' },
      timezone: { type: 'string' },
    },
  });
  const period = PERIODS.find((known) => known === values.period);
  if (positionals[0] !== 'journeys' || period === undefined || (values.value && !values.conversion)) {
    process.stdout.write(USAGE);
    throw new TemasError(
      'CLI.USAGE',
      'the reports are clv and journeys; --period is day, week or month; --value needs --conversion',
    );
  }
  const { out, steps, from, to, conversion, value, timezone } = values;
  const { timeZone } =
    timezone === undefined
      ? await ask<{ timeZone: string }>('GET', '/v1/settings/time-zone')
      : { timeZone: timezone };
  const journeys = await collectJourneys({
    period,
    timeZone,
    ...(steps === undefined ? {} : { steps: steps.split(',').map((step) => step.trim()) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(conversion === undefined
      ? {}
      : { conversion: { event: conversion, ...(value === undefined ? {} : { value }) } }),
  });
  const library = readFileSync(fileURLToPath(import.meta.resolve('echarts/dist/echarts.min.js')), 'utf8');
  const scope = `${from ?? 'the beginning'} to ${to ?? 'now'}, ${timeZone}`;
  const head = {
    workspace: 'default',
    scope,
    madeAt: new Date().toISOString().slice(0, 16).replace('T', ' '),
  };
  writeFileSync(out, journeysPage(journeys, head, library));
  process.stdout.write(`${out}\n`);
}

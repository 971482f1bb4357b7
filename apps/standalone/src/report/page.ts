import { attributionChart, funnelChart, pathsChart, percent, retentionChart } from './charts.ts';
import type { ChartOptions } from './charts.ts';
import type { Journeys } from './collect.ts';

/** What the page says of itself. */
export interface PageHead {
  readonly workspace: string;
  /** What the page is about, such as its time. */
  readonly scope: string;
  /** ISO 8601. */
  readonly madeAt: string;
}

/** One HTML page that needs nothing else: charts with their library, tables, the SQL that was asked. */
export function journeysPage(journeys: Journeys, head: PageHead, echarts: string): string {
  const { funnel, paths, retention, attribution } = journeys;
  const charts: Record<string, ChartOptions> = {
    funnel: funnelChart(journeys),
    paths: pathsChart(journeys),
    retention: retentionChart(journeys),
    attribution: attributionChart(journeys),
  };
  const first = retention.periods[1];
  const cards = [
    card('entered the funnel', whole(funnel.entered), `${whole(funnel.converted)} converted`),
    card('conversion', percent(funnel.conversion), `median ${duration(funnel.timeToConvert.median)}`),
    card(
      'back in the next period',
      percent(first?.completeRate),
      `of ${whole(first?.completeSize ?? 0)} people`,
    ),
    card('attributed conversions', whole(attribution.conversions), `worth ${money(attribution.value)}`),
  ];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Journeys – ${text(head.workspace)}</title><style>${STYLE}</style></head><body><main>`,
    `<header><h1>Journeys</h1><p>${text(head.workspace)} · ${text(head.scope)} · made ${text(head.madeAt)}</p></header>`,
    `<section class="cards">${cards.join('')}</section>`,
    section({
      id: 'funnel',
      title: 'Funnel',
      about: 'People who did the steps in this order, with anything between.',
      height: 340,
      table: funnelTable(journeys),
      sql: funnel.sql,
      empty:
        funnel.entered === 0
          ? 'Nobody did the first step in this time; name others with --steps.'
          : undefined,
    }),
    section({
      id: 'paths',
      title: 'Paths',
      about: `What ${whole(paths.paths)} visits began with; events that repeat are one.`,
      height: 480,
      table: '',
      sql: paths.sql,
      empty: paths.paths === 0 ? 'There are no visits in this time.' : undefined,
    }),
    section({
      id: 'retention',
      title: 'Retention',
      about: 'Share of a cohort that was back in a later period; periods that are not over are blank.',
      height: 440,
      table: '',
      sql: retention.sql,
      empty: retention.size === 0 ? 'There are no people in this time.' : undefined,
    }),
    section({
      id: 'attribution',
      title: 'Attribution',
      about: 'What conversions are due to, by model.',
      height: 380,
      table: attributionTable(journeys),
      sql: attribution.sql,
      empty:
        attribution.conversions === 0
          ? 'No conversion in this time has a visit before it; name an event that converts with --conversion.'
          : undefined,
    }),
    `</main><script>${echarts.replaceAll('</script', '<\\/script')}</script>`,
    `<script>const charts = ${json(charts)};${DRAW}</script></body></html>`,
  ].join('\n');
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly height: number;
  readonly table: string;
  readonly sql: string | undefined;
  /** What is said in place of a chart that would be empty. */
  readonly empty?: string | undefined;
}

function section({ id, title, about, height, table, sql, empty }: Section): string {
  const asked = sql === undefined ? '' : `<details><summary>SQL</summary><pre>${text(sql)}</pre></details>`;
  const shown =
    empty === undefined
      ? `<div id="${id}" style="height:${height}px"></div>${table}`
      : `<p class="empty">${text(empty)}</p>`;
  return `<section><h2>${title}</h2><p>${text(about)}</p>${shown}${asked}</section>`;
}

function card(title: string, value: string, below: string): string {
  return `<div class="card"><span>${text(title)}</span><strong>${text(value)}</strong><small>${text(below)}</small></div>`;
}

function funnelTable({ steps, funnel }: Journeys): string {
  const rows = funnel.steps.map(({ step, count, fromFirst, fromPrevious, dropped, timeFromPrevious }) => [
    `${step}. ${steps[step - 1] ?? ''}`,
    whole(count),
    percent(fromFirst),
    percent(fromPrevious),
    whole(dropped),
    duration(timeFromPrevious?.median ?? null),
    duration(timeFromPrevious?.p90 ?? null),
  ]);
  return tableOf(
    ['step', 'came', 'of all', 'of the step before', 'lost here', 'median time', '90 % within'],
    rows,
  );
}

function attributionTable({ attribution }: Journeys): string {
  const models = Object.entries(attribution.models);
  const names = [...new Set(models.flatMap(([, credits]) => credits.map(({ name }) => name)))];
  const rows = names.map((name) => [
    name,
    ...models.map(([, credits]) => {
      const credit = credits.find((one) => one.name === name);
      return `${(credit?.conversions ?? 0).toFixed(1)} · ${money(credit?.value ?? 0)}`;
    }),
  ]);
  return tableOf(['conversions · value', ...models.map(([model]) => model.replaceAll('_', ' '))], rows);
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${text(cell)}</${tag}>`).join('')}</tr>`;
  return `<div class="scroll"><table><thead>${row(head, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table></div>`;
}

/** Text as HTML. */
function text(value: string): string {
  const signs: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return value.replaceAll(/[&<>"']/g, (sign) => signs[sign] as string);
}

/** JSON that may stand in a script: no name of an event can end it. */
function json(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}

function money(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 });
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
];

function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  const [length, unit] = UNITS.find(([size]) => seconds >= size) ?? [1, 's'];
  return `${(seconds / length).toFixed(1)} ${unit}`;
}

/** Names of Sankey nodes carry their step, which is for the layout only. */
const DRAW = `
for (const [id, options] of Object.entries(charts)) {
  if (!document.getElementById(id)) continue;
  const series = options.series[0];
  if (series.type === 'sankey') {
    const name = (id) => id.replace(/^\\d+:/, '');
    const html = (text) => text.replace(/[&<>]/g, (sign) => '&#' + sign.charCodeAt(0) + ';');
    for (const node of series.data) node.label = { formatter: () => name(node.name) };
    options.tooltip.formatter = ({ dataType, data, name: own, value }) => dataType === 'edge'
      ? html(name(data.source) + ' → ' + name(data.target)) + ': <b>' + value.toLocaleString('en') + '</b>'
      : html(name(own)) + ': <b>' + value.toLocaleString('en') + '</b>';
  }
  const chart = echarts.init(document.getElementById(id), null, { renderer: 'svg' });
  chart.setOption({ animation: false, ...options });
  addEventListener('resize', () => chart.resize());
}`;

const STYLE = `
:root { color-scheme: light; --line: #e2e8f0; --quiet: #64748b; }
* { box-sizing: border-box; }
body { margin: 0; background: #f8fafc; color: #0f172a; font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { margin: 0; font-size: 28px; letter-spacing: -0.02em; }
h2 { margin: 0; font-size: 18px; }
header p, section > p { margin: 2px 0 12px; color: var(--quiet); }
section { margin-top: 20px; padding: 20px; background: #fff; border: 1px solid var(--line); border-radius: 12px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 16px; padding: 0; border: 0; background: none; }
.card { display: flex; flex-direction: column; padding: 16px 20px; background: #fff; border: 1px solid var(--line); border-radius: 12px; }
.card span, .card small { color: var(--quiet); font-size: 13px; }
.card strong { font-size: 26px; letter-spacing: -0.02em; }
.scroll { overflow-x: auto; }
table { width: 100%; margin-top: 12px; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; }
th:first-child, td:first-child { text-align: left; }
details { margin-top: 12px; color: var(--quiet); font-size: 13px; }
.empty { padding: 24px; text-align: center; color: var(--quiet); background: #f8fafc; border-radius: 8px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 12px; background: #f8fafc; border-radius: 8px; font-size: 12px; }
@media print { body { background: #fff; } section { break-inside: avoid; } details { display: none; } }
`;

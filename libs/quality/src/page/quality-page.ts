import type { Alert } from '../judge-rule.ts';
import { figuresOf, type CountName, type QualityDay, type QualityFigures } from '../quality-day.ts';
import { dayChart } from './day-chart.ts';
import { escaped } from './html.ts';
import { STYLE } from './style.ts';
import { WORDS, type PageLanguage, type PageWords } from './words.ts';

/** What a page shows. */
export interface QualityReport {
  /** First and last day of arrival, UTC, ISO dates. */
  readonly from: string;
  readonly to: string;
  /** The one source asked for; `null`: all. */
  readonly source: string | null;
  /** Every source that there is, for the choice. */
  readonly sources: readonly string[];
  readonly days: readonly QualityDay[];
  readonly alerts: readonly Alert[];
}

/** Below this a rate is drawn as a bad one. */
const LOW = 0.9;

const COLUMNS: readonly CountName[] = [
  ...(['events', 'refused', 'invalid', 'blocked', 'corrected', 'suggested', 'duplicates', 'late'] as const),
  ...(['badTimes', 'schemaViolations', 'unknownEvents', 'unattributed'] as const),
];

/** The report as one HTML document: nothing is loaded from anywhere, and no script runs. Pure. */
export function qualityPage(report: QualityReport, language: PageLanguage): string {
  const words = WORDS[language];
  const { from, to, days } = report;
  const whole = figuresOf(days);
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${words.title} · Temas</title><style>${STYLE}</style></head><body><main>`,
    `<header><div><h1>${words.title}</h1><p>${words.lead}</p>`,
    `<p>${escaped(words.period(from, to))}</p></div>${languages(report, language)}</header>`,
    choice(report, language, words),
    days.length === 0 ? `<h2>${words.table}</h2><div class="card"><p>${words.nothing}</p></div>` : '',
    days.length === 0 ? '' : figures(report, whole, words),
    `<h2>${words.alerts}</h2><div class="card">${rules(report.alerts, words)}</div>`,
    `<footer>${words.meanings}</footer>`,
    '</main></body></html>',
  ].join('\n');
}

function figures({ from, to, days }: QualityReport, whole: QualityFigures, words: PageWords): string {
  return [
    `<div class="tiles">${tiles(whole, words)}</div>`,
    `<h2>${words.perDay}</h2><div class="card wide"><div class="legend">`,
    `<span><i></i>${words.valid}</span><span><i class="bad"></i>${words.faulty}</span></div>`,
    `${dayChart(daysBetween(from, to), days, words)}</div>`,
    `<h2>${words.table}</h2><div class="card wide">${table(days, words)}</div>`,
  ].join('');
}

function tiles(whole: QualityFigures, words: PageWords): string {
  const number = new Intl.NumberFormat(words.locale);
  const tile = (value: string, label: string): string =>
    `<div class="card tile"><b>${value}</b><span>${label}</span></div>`;
  return [
    tile(number.format(whole.events), words.counts.events as string),
    tile(percent(whole.validity, words), words.validity),
    tile(percent(whole.completeness, words), words.completeness),
    tile(percent(whole.duplicateRate, words), words.duplicateRate),
    tile(number.format(whole.corrected), words.counts.corrected as string),
  ].join('');
}

function table(days: readonly QualityDay[], words: PageWords): string {
  const number = new Intl.NumberFormat(words.locale);
  const names = [...new Set(days.map(({ source }) => source))].sort();
  const heads = [
    words.source,
    words.validity,
    words.completeness,
    ...COLUMNS.map((name) => words.counts[name]),
  ];
  const rows = names.map((name) => {
    const own = figuresOf(days.filter(({ source }) => source === name));
    const cells = COLUMNS.map((column) => {
      const value = own[column];
      return `<td${value === 0 ? ' class="zero"' : ''}>${number.format(value)}</td>`;
    });
    const rates = [own.validity, own.completeness].map((rate) => `<td>${meter(rate, words)}</td>`);
    return `<tr><td>${escaped(name)}</td>${rates.join('')}${cells.join('')}</tr>`;
  });
  return `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function meter(rate: number | null, words: PageWords): string {
  if (rate === null) return '<span class="zero">–</span>';
  const low = rate < LOW ? ' low' : '';
  return `<span class="meter${low}"><i style="width:${(rate * 100).toFixed(1)}%"></i></span>${percent(rate, words)}`;
}

function percent(rate: number | null, { locale }: PageWords): string {
  if (rate === null) return '–';
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(rate);
}

function rules(alerts: readonly Alert[], words: PageWords): string {
  if (alerts.length === 0) return `<p>${escaped(words.noRules)}</p>`;
  const rank = { firing: 0, unknown: 1, ok: 2 };
  const rows = [...alerts]
    .sort((a, b) => rank[a.state] - rank[b.state])
    .map(
      ({ rule, source, kind, state, value, threshold }) =>
        `<li><span class="state ${state}">${words.states[state]}</span><b>${escaped(rule)}</b>` +
        `<span>${escaped(source)}</span><p>${told(kind, value, threshold, words)}</p></li>`,
    );
  return `<ul>${rows.join('')}</ul>`;
}

function told(kind: Alert['kind'], value: number | null, threshold: number, words: PageWords): string {
  if (value === null) return words.neverMeasured;
  if (kind === 'validity') return words.validityOf(percent(value, words), percent(threshold, words));
  const number = new Intl.NumberFormat(words.locale, { maximumFractionDigits: 2 });
  return words.silent(number.format(value), number.format(threshold));
}

function choice(
  { from, to, source, sources }: QualityReport,
  language: PageLanguage,
  words: PageWords,
): string {
  const options = sources.map(
    (name) =>
      `<option value="${escaped(name)}"${name === source ? ' selected' : ''}>${escaped(name)}</option>`,
  );
  return [
    `<form method="get"><input type="hidden" name="language" value="${language}">`,
    `<label>${words.from}<input type="date" name="from" value="${from}"></label>`,
    `<label>${words.to}<input type="date" name="to" value="${to}"></label>`,
    `<label>${words.source}<select name="source"><option value="">${words.allSources}</option>${options.join('')}</select></label>`,
    `<button>${words.apply}</button></form><br>`,
  ].join('');
}

function languages({ from, to, source }: QualityReport, current: PageLanguage): string {
  const link = (language: PageLanguage, name: string): string => {
    const query = new URLSearchParams({ from, to, ...(source === null ? {} : { source }), language });
    const here = language === current ? ' aria-current="page"' : '';
    return `<a href="?${escaped(query.toString())}" hreflang="${language}"${here}>${name}</a>`;
  };
  return `<nav>${link('en', 'English')}${link('tr', 'Türkçe')}</nav>`;
}

/** Every day of a period, ISO dates. */
function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

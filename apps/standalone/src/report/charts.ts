import type { Journeys } from './collect.ts';

/** Colours of the page, told apart also by those who see few. */
const COLOURS = ['#2f6fde', '#f2994a', '#27ae8f', '#bb6bd9', '#eb5757', '#56ccf2', '#8d6e63', '#9aa5b1'];

/** A named font: widths are measured before the page's own would be known. */
const TEXT = { fontFamily: 'Helvetica, Arial, sans-serif', color: '#334155' };

/** Options of a chart of ECharts, as JSON. */
export type ChartOptions = Readonly<Record<string, unknown>>;

/** Steps as bars: who came, and who was lost since the step before. */
export function funnelChart({ steps, funnel }: Journeys): ChartOptions {
  const counts = funnel.steps.map(({ count }) => count);
  const lost = counts.map((count, i) => (i === 0 ? 0 : (counts[i - 1] as number) - count));
  return {
    color: [COLOURS[0], '#e2e8f0'],
    textStyle: TEXT,
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    xAxis: {
      type: 'category',
      data: steps.map((step, i) => `${i + 1}. ${step}`),
      axisTick: { show: false },
      axisLabel: { interval: 0, overflow: 'truncate', width: 130 },
    },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: '#f1f5f9' } } },
    series: [
      {
        name: 'came',
        type: 'bar',
        stack: 'all',
        barMaxWidth: 90,
        data: funnel.steps.map(({ count, fromFirst }) => ({
          value: count,
          label: { formatter: `{b|${percent(fromFirst)}}` },
        })),
        label: {
          show: true,
          position: 'inside',
          rich: { b: { fontWeight: 600, color: '#fff', fontSize: 13 } },
        },
      },
      {
        name: 'lost since the step before',
        type: 'bar',
        stack: 'all',
        data: lost,
        itemStyle: {
          decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -0.8, color: '#cbd5e1' },
        },
      },
    ],
  };
}

/** Ways as a Sankey diagram. */
export function pathsChart({ paths }: Journeys): ChartOptions {
  const names = [...new Set(paths.nodes.map(({ event }) => event))];
  const colour = (event: string): string =>
    event.startsWith('(') ? '#cbd5e1' : (COLOURS[names.indexOf(event) % COLOURS.length] as string);
  return {
    textStyle: TEXT,
    tooltip: { trigger: 'item' },
    series: [
      {
        type: 'sankey',
        left: 8,
        right: 110,
        top: 12,
        bottom: 12,
        nodeGap: 10,
        nodeWidth: 14,
        layoutIterations: 64,
        emphasis: { focus: 'adjacency' },
        data: paths.nodes.map(({ id, step, event }) => ({
          name: id,
          depth: step,
          itemStyle: { color: colour(event) },
          label: { formatter: event },
        })),
        links: paths.links.map(({ source, target, count }) => ({ source, target, value: count })),
        lineStyle: { color: 'source', opacity: 0.28, curveness: 0.5 },
        label: { fontSize: 11, color: '#334155' },
      },
    ],
  };
}

/** Cohorts by period as a heat map; periods that are not over are left blank. */
export function retentionChart({ retention }: Journeys): ChartOptions {
  const cohorts = retention.cohorts.slice(-20);
  const periods = retention.periods.map(({ period }) => period).slice(1);
  const cells = cohorts.flatMap((cohort, y) =>
    cohort.periods
      .slice(1)
      .filter(({ incomplete }) => !incomplete)
      .map(({ period, rate }) => [period - 1, y, Math.round((rate ?? 0) * 1_000) / 10]),
  );
  const most = cells.reduce((max, cell) => Math.max(max, cell[2] as number), 0);
  return {
    textStyle: TEXT,
    tooltip: { position: 'top' },
    grid: { left: 8, right: 16, top: 28, bottom: 44, containLabel: true },
    xAxis: {
      type: 'category',
      data: periods,
      position: 'top',
      axisTick: { show: false },
      axisLine: { show: false },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      axisTick: { show: false },
      axisLine: { show: false },
      data: cohorts.map(({ start, size }) => `${start ?? ''}  (${size})`),
    },
    visualMap: {
      min: 0,
      max: Math.max(1, most),
      calculable: false,
      orient: 'horizontal',
      left: 'center',
      bottom: 4,
      itemHeight: 160,
      itemWidth: 12,
      text: [`${most} %`, '0 %'],
      inRange: { color: ['#f8fafc', '#bfdbfe', '#2f6fde', '#1e3a8a'] },
    },
    series: [
      {
        name: 'back, % of the cohort',
        type: 'heatmap',
        data: cells,
        label: { show: cells.length <= 300, fontSize: 11 },
        itemStyle: { borderColor: '#fff', borderWidth: 2, borderRadius: 3 },
      },
    ],
  };
}

/** Shares of the largest names, model beside model. */
export function attributionChart({ attribution }: Journeys): ChartOptions {
  const models = Object.entries(attribution.models);
  const sums = new Map<string, number>();
  for (const [, credits] of models)
    for (const { name, conversions } of credits) sums.set(name, (sums.get(name) ?? 0) + conversions);
  const names = [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 8)
    .map(([name]) => name);
  return {
    color: COLOURS,
    textStyle: TEXT,
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 18 },
    grid: { left: 8, right: 16, top: 44, bottom: 8, containLabel: true },
    xAxis: { type: 'category', data: names, axisTick: { show: false }, axisLabel: { interval: 0 } },
    yAxis: {
      type: 'value',
      axisLabel: { formatter: '{value} %' },
      splitLine: { lineStyle: { color: '#f1f5f9' } },
    },
    series: models.map(([model, credits]) => ({
      name: model.replaceAll('_', ' '),
      type: 'bar',
      barGap: '10%',
      itemStyle: { borderRadius: [3, 3, 0, 0] },
      data: names.map((name) => {
        const share = credits.find((credit) => credit.name === name)?.share ?? 0;
        return Math.round(share * 1_000) / 10;
      }),
    })),
  };
}

/** A share as text; a dash where there is none. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;
}

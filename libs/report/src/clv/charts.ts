import type { ChurnJudgement, HeldOut } from '#scoring';
import { COLOURS, drawn, GRID, LEGEND, nameAxis, numberAxis } from '../chart.ts';
import { figureOf, percent, whole } from '../numbers.ts';
import type { ClvReport, RfmCell, ValueBin } from './clv-report.ts';

/** How many people are worth how much. */
export function valueChart(values: readonly ValueBin[], currency: string): string {
  const names = values.map(({ from, to }) => (from === 0 ? 'below' : `${figureOf(from)}–${figureOf(to)}`));
  return drawn({
    grid: { ...GRID, bottom: 84 },
    xAxis: nameAxis(`lifetime value, ${currency}`, names, {
      nameGap: 64,
      axisLabel: { color: COLOURS.ink, rotate: 40, interval: 0, fontSize: 10 },
    }),
    yAxis: numberAxis('people'),
    series: [
      { type: 'bar', data: values.map(({ people }) => people), color: COLOURS.actual, barCategoryGap: '12%' },
    ],
  });
}

/** Mean purchases in the held-out days by purchases before them. */
export function frequencyChart({ byFrequency }: HeldOut): string {
  const names = byFrequency.map(({ x, orMore }) => `${x}${orMore ? '+' : ''}`);
  const bars = (name: string, color: string, data: readonly number[]): object => ({
    type: 'bar',
    name,
    color,
    data: data.map((value) => Number(value.toFixed(4))),
    barGap: '8%',
  });
  return drawn({
    grid: GRID,
    legend: LEGEND,
    xAxis: nameAxis('repeat purchases before the cutoff', names),
    yAxis: numberAxis('purchases after it, mean'),
    series: [
      bars(
        'came',
        COLOURS.actual,
        byFrequency.map(({ actual }) => actual),
      ),
      bars(
        'expected',
        COLOURS.expected,
        byFrequency.map(({ predicted }) => predicted),
      ),
    ],
  });
}

/** Cumulative repeat purchases by week. */
export function trackingChart({ result }: ClvReport): string {
  const { tracking, start, cutoff } = result;
  const line = (name: string, color: string, values: readonly number[], type: string): object => ({
    type: 'line',
    name,
    color,
    showSymbol: false,
    lineStyle: { width: 2, type },
    data: values.map((value, i) => [tracking[i]?.week, Number(value.toFixed(2))]),
  });
  const cutoffWeek = (Date.parse(cutoff) - Date.parse(start)) / 604_800_000;
  const mark = {
    symbol: 'none',
    label: { formatter: 'cutoff', color: COLOURS.ink },
    lineStyle: { color: COLOURS.baseline, type: 'dashed' },
    data: [{ xAxis: Number(cutoffWeek.toFixed(2)) }],
  };
  return drawn({
    grid: GRID,
    legend: LEGEND,
    xAxis: numberAxis('weeks since the beginning', { nameGap: 30, min: 0, max: tracking.length }),
    yAxis: numberAxis('repeat purchases'),
    series: [
      {
        ...line(
          'came',
          COLOURS.actual,
          tracking.map(({ actual }) => actual),
          'solid',
        ),
        markLine: mark,
      },
      line(
        'expected',
        COLOURS.expected,
        tracking.map(({ expected }) => expected),
        'dashed',
      ),
    ],
  });
}

type Judged = NonNullable<ChurnJudgement['later']>;

/** What came of each tenth of probability. */
export function reliabilityChart({ used }: Judged): string {
  const most = Math.max(...used.reliability.map(({ customers }) => customers));
  const axis = (name: string, nameGap: number): object => numberAxis(name, { min: 0, max: 1, nameGap });
  return drawn({
    grid: GRID,
    legend: LEGEND,
    xAxis: axis('probability that was told', 30),
    yAxis: axis('share that stayed away', 44),
    series: [
      {
        type: 'line',
        name: 'all right',
        color: COLOURS.baseline,
        showSymbol: false,
        lineStyle: { type: 'dashed', width: 1 },
        data: [
          [0, 0],
          [1, 1],
        ],
      },
      {
        type: 'line',
        name: 'model',
        color: COLOURS.actual,
        data: used.reliability.map(({ meanPredicted, observed, customers }) => ({
          value: [Number(meanPredicted.toFixed(4)), Number(observed.toFixed(4))],
          symbol: 'circle',
          symbolSize: 5 + 17 * Math.sqrt(customers / most),
        })),
      },
    ],
  });
}

/** Lift by the share of customers that is reached, highest probability first. */
export function liftChart({ gains }: Judged): string {
  const lifts = gains.flatMap(({ share, used, recency }) => [(used ?? 1) / share, (recency ?? 1) / share]);
  const line = (
    name: string,
    color: string,
    pick: (gain: Judged['gains'][number]) => number | null,
  ): object => ({
    type: 'line',
    name,
    color,
    symbolSize: 6,
    data: gains.map((gain) => {
      const capture = pick(gain);
      return [
        Math.round(gain.share * 100),
        capture === null ? null : Number((capture / gain.share).toFixed(4)),
      ];
    }),
  });
  return drawn({
    grid: GRID,
    legend: LEGEND,
    xAxis: numberAxis('customers with the highest probability, %', { nameGap: 30, min: 0, max: 100 }),
    yAxis: numberAxis('lift', { min: Math.floor(Math.min(1, ...lifts) * 20) / 20 }),
    series: [
      line('model', COLOURS.actual, ({ used }) => used),
      line('last purchase alone', COLOURS.expected, ({ recency }) => recency),
    ],
  });
}

/** People by recency and frequency. */
export function rfmChart(cells: readonly RfmCell[], currency: string): string {
  const scores = ['1', '2', '3', '4', '5'];
  const most = Math.max(1, ...cells.map(({ people }) => people));
  return drawn({
    grid: { ...GRID, top: 12, right: 78 },
    xAxis: nameAxis('recency: 5 bought lately', scores),
    yAxis: nameAxis('frequency: 5 buys often', scores, { nameGap: 44 }),
    visualMap: {
      min: 0,
      max: most,
      right: 0,
      top: 'middle',
      itemHeight: 160,
      text: [whole(most), '0 people'],
      textStyle: { color: COLOURS.ink, fontSize: 11 },
      inRange: { color: ['#eef5f8', '#8fc1d1', '#1f6f8b', '#0d3b4c'] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map(({ r, f, people, revenue }) => ({
          value: [r - 1, f - 1, people],
          label: {
            show: true,
            lineHeight: 15,
            color: people > most * 0.45 ? '#ffffff' : '#1c2733',
            formatter: `${whole(people)}\n${figureOf(Math.round(revenue))} ${currency}`,
          },
        })),
        itemStyle: { borderColor: '#ffffff', borderWidth: 2 },
      },
    ],
  });
}

/** Share that was expected too much (or too little), as a sentence tells it. */
export function biasText(bias: number | null): string {
  if (bias === null) return 'nothing came';
  return `${percent(Math.abs(bias))} too ${bias < 0 ? 'few' : 'many'}`;
}

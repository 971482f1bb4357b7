import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([
  BarChart,
  LineChart,
  HeatmapChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  VisualMapComponent,
  SVGRenderer,
]);

/** Colours that can be told apart with any eyes, and in print: what came, what was expected, a baseline. */
export const COLOURS = {
  actual: '#1f6f8b',
  expected: '#e07a1f',
  baseline: '#8a94a0',
  ink: '#5a6875',
} as const;

/**
 * A chart as SVG text, drawn by ECharts without a browser: no script goes into the page, so it is a tenth of the size
 * and opens everywhere.
 */
export function drawn(option: EChartsCoreOption, height = 340): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 560, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, "Segoe UI", Roboto, sans-serif' },
    ...option,
  });
  const svg = chart.renderToSVGString({ useViewBox: true });
  chart.dispose();
  return svg;
}

const TITLE = { nameLocation: 'middle', nameTextStyle: { color: COLOURS.ink } } as const;
const LABEL = { axisLabel: { color: COLOURS.ink }, axisTick: { show: false } } as const;

/** An axis with names for its places. */
export function nameAxis(name: string, data: readonly string[], further: object = {}): object {
  return { type: 'category', name, data, nameGap: 30, ...TITLE, ...LABEL, ...further };
}

/** An axis of numbers. */
export function numberAxis(name: string, further: object = {}): object {
  const splitLine = { lineStyle: { color: '#e8ecf0' } };
  return { type: 'value', name, nameGap: 44, splitLine, ...TITLE, ...LABEL, ...further };
}

/** Where the axes stand: room for titles at the left, below and for a legend above. */
export const GRID = { left: 62, right: 20, top: 36, bottom: 52 } as const;

/** Names of the series above the picture. */
export const LEGEND = {
  top: 0,
  left: GRID.left,
  itemWidth: 16,
  // Without a browser ECharts guesses the width of text, and guesses too little.
  itemGap: 44,
  textStyle: { color: COLOURS.ink },
} as const;

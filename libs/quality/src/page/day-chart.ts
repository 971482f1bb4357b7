import { figuresOf, type QualityDay } from '../quality-day.ts';
import { escaped } from './html.ts';
import type { PageWords } from './words.ts';

const HEIGHT = 132;
const BASE = 112;
const TOP = 14;
const WIDTH = 720;
const LEFT = 44;

/** One bar a day as SVG: what was valid, and on top of it what was not. `days`: every day of the period, ISO dates. */
export function dayChart(days: readonly string[], rows: readonly QualityDay[], words: PageWords): string {
  const totals = days.map((day) => {
    const { events, refused, validEvents } = figuresOf(rows.filter((row) => row.day === day));
    return { day, valid: validEvents, faulty: events + refused - validEvents };
  });
  const most = Math.max(1, ...totals.map(({ valid, faulty }) => valid + faulty));
  const step = (WIDTH - LEFT) / days.length;
  const bar = Math.max(1, Math.min(28, step * 0.72));
  const scale = (items: number): number => (items / most) * (BASE - TOP);
  const number = new Intl.NumberFormat(words.locale);
  const bars = totals.map(({ day, valid, faulty }, i) => {
    const x = LEFT + i * step + (step - bar) / 2;
    const [low, high] = [scale(valid), scale(faulty)];
    const told = `${day}: ${number.format(valid)} ${words.valid}, ${number.format(faulty)} ${words.faulty}`;
    return [
      `<g><title>${escaped(told)}</title>`,
      rect('valid', x, BASE - low, bar, low),
      rect('faulty', x, BASE - low - high, bar, high),
      '</g>',
    ].join('');
  });
  const every = Math.ceil(days.length / 10);
  const labels = days.flatMap((day, i) =>
    i % every === 0
      ? [
          `<text x="${round(LEFT + i * step + step / 2)}" y="${BASE + 16}" text-anchor="middle">${day.slice(5)}</text>`,
        ]
      : [],
  );
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(words.perDay)}">`,
    `<line x1="${LEFT}" x2="${WIDTH}" y1="${BASE}" y2="${BASE}"/>`,
    `<text x="${LEFT - 8}" y="${TOP + 4}" text-anchor="end">${number.format(most)}</text>`,
    `<text x="${LEFT - 8}" y="${BASE + 4}" text-anchor="end">0</text>`,
    ...bars,
    ...labels,
    '</svg>',
  ].join('');
}

function rect(name: string, x: number, y: number, width: number, height: number): string {
  if (height <= 0) return '';
  return `<rect class="${name}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

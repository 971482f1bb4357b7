import type { PurchaseHistory } from '../history/purchase-history.ts';

/** A source of uniform numbers in (0, 1) that is the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

/** A Gamma(shape, rate 1) draw (Marsaglia & Tsang 2000). */
export function gammaDraw(random: () => number, shape: number): number {
  if (shape < 1) return gammaDraw(random, shape + 1) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(random()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A customer's purchase times after the first, up to T, as the BG/NBD story tells it. */
export function bgNbdTimes(
  random: () => number,
  p: { r: number; alpha: number; a: number; b: number },
  T: number,
): number[] {
  const rate = gammaDraw(random, p.r) / p.alpha;
  const left = gammaDraw(random, p.a);
  const dropout = left / (left + gammaDraw(random, p.b));
  const times: number[] = [];
  for (let t = -Math.log(random()) / rate; t < T; t -= Math.log(random()) / rate) {
    times.push(t);
    if (random() < dropout) break;
  }
  return times;
}

/** A history of whole days, in weeks: equal days are one purchase, as in a shop's records. */
export function bgNbdHistory(
  random: () => number,
  p: { r: number; alpha: number; a: number; b: number },
  days: number,
): PurchaseHistory {
  const bought = new Set(bgNbdTimes(random, p, days / 7).map((t) => Math.ceil(t * 7)));
  const last = Math.max(0, ...bought);
  return { x: bought.size, tX: last / 7, T: days / 7 };
}

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { findChromium } from '../support/browser.ts';
import { ready, TrackerWorld } from '../support/tracker-world.ts';

const PAGES = 10;
const CALLS = 200;

const FILES = fileURLToPath(new URL('../../tracker/files.json', import.meta.url));

/** What the browser snippet costs the main thread of a page: its start, and a call. */
export async function benchTracker(): Promise<void> {
  const chromium = findChromium();
  if (chromium === undefined) {
    process.stdout.write('browser snippet: skipped, no Chromium in PATH or TEMAS_CHROMIUM\n\n');
    return;
  }
  const world = await TrackerWorld.start(chromium);
  const starts: number[] = [];
  const calls: number[] = [];
  try {
    const url = world.site.add('/bench', { options: world.options() });
    for (let i = 0; i < PAGES; i++) {
      const page = await (await world.visitor()).newPage();
      await measured(page, url);
      await ready(page);
      starts.push(await page.evaluate<number>(`performance.measure('start', 'from', 'to').duration`));
      calls.push(...(await page.evaluate<number[]>(CALLING)));
      await world.leave();
    }
  } finally {
    await world.stop();
  }
  const sizes = Object.entries(
    JSON.parse(readFileSync(FILES, 'utf8')) as Record<string, { gzip: number }>,
  ).map(([name, { gzip }]) => `${name} ${gzip}`);
  const ms = (value: number): string => value.toFixed(1);
  const us = (value: number): string => (value * 1_000).toFixed(0);
  process.stdout.write(
    [
      'browser snippet, main thread',
      `  start          median ${ms(share(starts, 0.5))} ms, worst ${ms(share(starts, 1))} ms of ${PAGES} pages`,
      `  a call         median ${us(share(calls, 0.5))} µs, p99 ${us(share(calls, 0.99))} µs of ${calls.length} calls`,
      `  bytes gzip     ${sizes.join(' · ')}`,
      '',
      '',
    ].join('\n'),
  );
}

/** Calls with pauses, as pages make them, so that sending is among what is measured; ms each. */
const CALLING = `(async () => {
  const calls = [];
  for (let i = 0; i < ${CALLS}; i++) {
    const from = performance.now();
    temas.track('Cost', { i, sku: 's-1', price: 12.5 });
    calls.push(performance.now() - from);
    if (i % 10 === 9) await new Promise((next) => setTimeout(next, 20));
  }
  return calls;
})()`;

/** Opens a page that marks when its script begins and ends, on its own process: others read clocks of 0.1 ms only. */
async function measured(page: Page, url: string): Promise<void> {
  await page.route(url, async (route) => {
    const response = await route.fetch();
    const alone = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    };
    await route.fulfill({ response, headers: { ...response.headers(), ...alone } });
  });
  await page.route('**/t.js', async (route) => {
    const response = await route.fetch();
    const body = `performance.mark('from');${await response.text()};performance.mark('to')`;
    await route.fulfill({ response, body });
  });
  await page.goto(url);
}

function share(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] as number;
}

import { expect, it } from '@jest/globals';
import type { Journeys } from './collect.ts';
import { journeysPage } from './page.ts';

const HOSTILE = '</script><script>alert(1)</script>';
const none = {
  average: null,
  p10: null,
  p25: null,
  median: null,
  p75: null,
  p90: null,
  p95: null,
  p99: null,
};
const counts = { entered: 2, converted: 1, conversion: 0.5, timeToConvert: none };

function journeys(name: string): Journeys {
  return {
    steps: [name],
    funnel: {
      ...counts,
      steps: [{ step: 1, count: 2, fromFirst: 1, fromPrevious: 1, dropped: 0, timeFromPrevious: null }],
      sql: `SELECT '${name}'`,
    },
    paths: {
      paths: 1,
      nodes: [
        { id: '0:(start)', step: 0, event: '(start)', count: 1 },
        { id: `1:${name}`, step: 1, event: name, count: 1 },
      ],
      links: [{ source: '0:(start)', target: `1:${name}`, count: 1 }],
      transitions: [],
    },
    retention: { size: 0, periods: [], cohorts: [] },
    attribution: {
      conversions: 1,
      value: 1,
      nulls: 0,
      unattributed: { conversions: 0, value: 0 },
      models: { first: [{ name, conversions: 1, share: 1, value: 1 }] },
      left: [],
      paths: [],
    },
  };
}

it('holds names of events as text only', () => {
  const head = { workspace: 'default', scope: 'all', madeAt: 'now' };
  const page = journeysPage(journeys(HOSTILE), head, 'library');
  expect(page).not.toContain(HOSTILE);
  expect(page).toContain('&lt;/script&gt;');
  expect(page.match(/<script/g)).toHaveLength(2);
});

it('says what is missing instead of an empty chart', () => {
  const page = journeysPage(journeys('a'), { workspace: 'default', scope: 'all', madeAt: 'now' }, '');
  expect(page).toContain('There are no people in this time.');
  expect(page).toContain('<div id="funnel"');
  expect(page).not.toContain('<div id="retention"');
});

import { describe, expect, it } from '@jest/globals';
import type { QualityRule } from '#config';
import type { SourceName, Workspace } from '#kernel';
import { ArrivalTally } from './arrival-tally.ts';
import { judgeRule } from './judge-rule.ts';
import { qualityPage } from './page/quality-page.ts';
import { COUNTS, figuresOf, type QualityDay } from './quality-day.ts';

const HOUR = 3_600_000;
const web = { source: 'web' as SourceName, createdAt: 0 };

function day(values: Partial<QualityDay>): QualityDay {
  const zeroes = Object.fromEntries(COUNTS.map((name) => [name, 0]));
  return { day: '2026-11-01', source: 'web', ...zeroes, ...values } as QualityDay;
}

describe('rules', () => {
  const silent: QualityRule = {
    name: 'quiet',
    source: null,
    condition: { kind: 'silent', hours: 6 },
    setAt: 5 * HOUR,
  };
  const stateAt = (now: number, lastAt: number | null, createdAt: number | null = 0): string =>
    judgeRule(silent, { ...web, createdAt }, { lastAt, items: 0, valid: 0 }, now).state;

  it('fire when a source was silent for longer than they allow', () => {
    expect(stateAt(16 * HOUR, 10 * HOUR)).toBe('ok');
    expect(stateAt(16 * HOUR + 1, 10 * HOUR)).toBe('firing');
    // A clock behind that of the collector.
    expect(stateAt(9 * HOUR, 10 * HOUR)).toBe('ok');
  });

  it('count silence from the creation of a source that never sent, else from their own', () => {
    expect(stateAt(7 * HOUR, null)).toBe('firing');
    expect(stateAt(7 * HOUR, null, null)).toBe('ok');
  });

  it('fire when validity is below, and say nothing of too little', () => {
    const condition = { kind: 'validity' as const, hours: 1, below: 0.9, atLeast: 10 };
    const asked = (items: number, valid: number): string =>
      judgeRule({ ...silent, condition }, web, { lastAt: 0, items, valid }, HOUR).state;
    expect([asked(10, 9), asked(10, 8), asked(9, 0), asked(0, 0)]).toEqual([
      'ok',
      'firing',
      'unknown',
      'unknown',
    ]);
  });
});

describe('figures', () => {
  it('are those of the sums', () => {
    const figures = figuresOf([
      day({ events: 90, validEvents: 90, identifyEvents: 1, withEmail: 1 }),
      day({ events: 5, refused: 5, duplicates: 5, validEvents: 0, identifyEvents: 1 }),
    ]);
    expect(figures).toMatchObject({ events: 95, validity: 0.9, completeness: 1 / 8, duplicateRate: 0.05 });
  });

  it('are null where nothing came', () => {
    expect(figuresOf([])).toMatchObject({
      events: 0,
      validity: null,
      completeness: null,
      duplicateRate: null,
    });
  });
});

describe('the tally', () => {
  it('counts by source, day, outcome and code, and forgets what was taken', () => {
    const tally = new ArrivalTally();
    const [workspace, source] = ['w' as Workspace, 'web' as SourceName];
    const noon = Date.UTC(2026, 10, 23, 12);
    tally.add(workspace, source, noon, 'refused', 'no_identifier');
    tally.add(workspace, source, noon + 5, 'refused', 'no_identifier', 2);
    tally.add(workspace, source, noon + 12 * HOUR, 'repeated', '');
    const told = { source, outcome: 'refused', code: 'no_identifier' };
    expect(tally.take().get(workspace)).toEqual([
      { ...told, day: '2026-11-23', items: 3, lastAt: noon + 5 },
      { ...told, day: '2026-11-24', outcome: 'repeated', code: '', items: 1, lastAt: noon + 12 * HOUR },
    ]);
    expect(tally.take().size).toBe(0);
  });

  it('keeps to a bounded number of names', () => {
    const tally = new ArrivalTally();
    for (let i = 0; i < 5_000; i++) tally.add('w' as Workspace, web.source, 0, 'refused', `code-${i}`);
    const counts = tally.take().get('w' as Workspace) ?? [];
    expect(counts.length).toBeLessThan(1_100);
    expect(counts.reduce((sum, { items }) => sum + items, 0)).toBe(5_000);
  });
});

describe('the page', () => {
  const report = {
    from: '2026-11-01',
    to: '2026-11-03',
    source: null,
    sources: ['web'],
    days: [day({ events: 1_234, validEvents: 1_000, identifyEvents: 2, withEmail: 1 })],
    alerts: [
      { rule: '<b>', source: 'web', kind: 'validity', state: 'firing', value: 0.81, threshold: 0.9 } as const,
    ],
  };

  it('speaks English and Turkish, with the numbers of each', () => {
    const english = qualityPage(report, 'en');
    expect(english).toContain('<html lang="en">');
    expect(english).toContain('1,234');
    expect(english).toContain('validity 81%; limit 90%');
    const turkish = qualityPage(report, 'tr');
    expect(turkish).toContain('1.234');
    expect(turkish).toContain('geçerlilik %81; sınır %90');
  });

  it('lets nothing from outside be markup, and loads nothing', () => {
    const html = qualityPage({ ...report, source: '"><script>', sources: ['"><script>'] }, 'en');
    expect(html).not.toMatch(/<script|<b><b>|https?:|src=|url\(/);
    expect(html).toContain('&lt;b&gt;');
  });

  it('says so where nothing came', () => {
    expect(qualityPage({ ...report, days: [], alerts: [] }, 'tr')).toContain(
      'Bu günlerde hiçbir şey gelmedi.',
    );
  });
});

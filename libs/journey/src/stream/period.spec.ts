import { describe, expect, it } from '@jest/globals';
import { firstDayOf, isTimeZone, periodOf } from './period.ts';

describe('periods', () => {
  it('are numbered so that their first days follow one another', () => {
    expect([0, 1, 20_000].map((day) => firstDayOf('day', day))).toEqual([
      '1970-01-01',
      '1970-01-02',
      '2024-10-04',
    ]);
    expect([-1, 0, 1].map((week) => firstDayOf('week', week))).toEqual([
      '1969-12-29',
      '1970-01-05',
      '1970-01-12',
    ]);
    expect([0, 13, 675].map((month) => firstDayOf('month', month))).toEqual([
      '1970-01-01',
      '1971-02-01',
      '2026-04-01',
    ]);
  });

  it('are those of the time zone, over changes of clocks', () => {
    const at = (text: string): number => Date.parse(text);
    const days = (zone: string, text: string): string => firstDayOf('day', periodOf('day', zone, at(text)));
    expect(days('Europe/Berlin', '2026-03-28T22:59:00Z')).toBe('2026-03-28');
    expect(days('Europe/Berlin', '2026-03-28T23:00:00Z')).toBe('2026-03-29');
    expect(days('Europe/Berlin', '2026-03-29T22:00:00Z')).toBe('2026-03-30');
    expect(days('America/New_York', '2026-11-02T04:59:00Z')).toBe('2026-11-01');
    expect(firstDayOf('week', periodOf('week', 'UTC', at('2026-04-05T23:59:59Z')))).toBe('2026-03-30');
    expect(firstDayOf('week', periodOf('week', 'UTC', at('2026-04-06T00:00:00Z')))).toBe('2026-04-06');
  });

  it('want the name of a zone', () => {
    expect(['UTC', 'Europe/Istanbul', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3'].every(isTimeZone)).toBe(
      true,
    );
    expect(['', 'Mars/Olympus', "UTC'", '+03:00', 'a b'].some(isTimeZone)).toBe(false);
  });
});

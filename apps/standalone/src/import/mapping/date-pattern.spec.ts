import { describe, expect, it } from '@jest/globals';
import { parseDatePattern, readIsoDate } from './date-pattern.ts';
import { instantOf } from './time-zone.ts';

function read(pattern: string | undefined, text: string, zone = 'UTC'): string | undefined {
  const reader = pattern === undefined ? readIsoDate : parseDatePattern(pattern);
  const at = reader?.(text, zone);
  return at === undefined ? undefined : new Date(at).toISOString();
}

describe('dates', () => {
  it.each([
    ['%Y%m%d', '19970101', '1997-01-01T00:00:00.000Z'],
    ['%d.%m.%Y', '1.2.2024', '2024-02-01T00:00:00.000Z'],
    ['%d.%m.%Y %H:%M:%S', '29.02.2024 23:59:58', '2024-02-29T23:59:58.000Z'],
    ['%Y%m%d%H%M%S', '20240229235958', '2024-02-29T23:59:58.000Z'],
    ['%Y-%m-%dT%H:%M:%S.%f%z', '2024-01-02T03:04:05.123456+03:00', '2024-01-02T00:04:05.123Z'],
    ['%m/%d/%Y', '12/31/1999', '1999-12-31T00:00:00.000Z'],
    ['unix', '0', '1970-01-01T00:00:00.000Z'],
    ['unix', '1700000000.5', '2023-11-14T22:13:20.500Z'],
    ['unix_ms', '1700000000500', '2023-11-14T22:13:20.500Z'],
    [undefined, '2024-01-02', '2024-01-02T00:00:00.000Z'],
    [undefined, '2024-01-02 03:04', '2024-01-02T03:04:00.000Z'],
    [undefined, '2024-01-02T03:04:05.6789Z', '2024-01-02T03:04:05.678Z'],
    [undefined, '2024-01-02T03:04:05-0230', '2024-01-02T05:34:05.000Z'],
    [undefined, '0099-01-02', '0099-01-02T00:00:00.000Z'],
  ])('reads %s %s', (pattern, text, expected) => {
    expect(read(pattern, text)).toBe(expected);
  });

  it.each([
    ['%Y%m%d', '19970230'],
    ['%Y%m%d', '1997021'],
    ['%Y%m%d', '199702011'],
    ['%d.%m.%Y', '31x12x1999'],
    ['%Y-%m-%d %H:%M', '2024-01-01 24:00'],
    ['unix', 'soon'],
    [undefined, '2023-02-29'],
    [undefined, '01.02.2024'],
    [undefined, '2024-13-01'],
  ])('refuses %s %s', (pattern, text) => {
    expect(read(pattern, text)).toBeUndefined();
  });

  it.each([['%d.%m'], ['%Y-%m-%q'], ['%Y-%m-%d %d'], ['%Y-%m-%d%'], ['date']])(
    'refuses the pattern %s',
    (pattern) => {
      expect(parseDatePattern(pattern)).toBeUndefined();
    },
  );

  it('takes the zone where the text names none', () => {
    expect(read('%Y-%m-%d', '1997-07-01', 'Europe/Istanbul')).toBe('1997-06-30T21:00:00.000Z');
    expect(read('%Y-%m-%d', '1997-01-01', 'Europe/Istanbul')).toBe('1996-12-31T22:00:00.000Z');
    expect(read(undefined, '1997-01-01T00:00:00Z', 'Europe/Istanbul')).toBe('1997-01-01T00:00:00.000Z');
  });
});

describe('instantOf', () => {
  const at = (text: string): string =>
    new Date(instantOf(Date.parse(`${text}Z`), 'Europe/Berlin')).toISOString();

  it('takes the earlier of two, and moves on what was left out', () => {
    expect(at('2024-10-27T02:30:00')).toBe('2024-10-27T00:30:00.000Z');
    expect(at('2024-10-27T03:30:00')).toBe('2024-10-27T02:30:00.000Z');
    expect(at('2024-03-31T02:30:00')).toBe('2024-03-31T01:30:00.000Z');
    expect(at('2024-03-31T01:30:00')).toBe('2024-03-31T00:30:00.000Z');
  });
});

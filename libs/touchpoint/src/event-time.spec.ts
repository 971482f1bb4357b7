import { describe, expect, it } from '@jest/globals';
import { eventTime, parseTime } from './event-time.ts';

describe('parseTime', () => {
  it.each([
    ['2026-11-22T10:20:30.456Z', Date.UTC(2026, 10, 22, 10, 20, 30, 456)],
    ['2026-11-22T10:20:30Z', Date.UTC(2026, 10, 22, 10, 20, 30)],
    ['2026-11-22t10:20z', Date.UTC(2026, 10, 22, 10, 20)],
    ['2026-11-22T10:20:30.456', Date.UTC(2026, 10, 22, 10, 20, 30, 456)],
    ['2026-11-22T10:20:30.4569999Z', Date.UTC(2026, 10, 22, 10, 20, 30, 456)],
    ['2026-11-22T10:20:30,4Z', Date.UTC(2026, 10, 22, 10, 20, 30, 400)],
    ['2026-11-22T10:20:30+03:00', Date.UTC(2026, 10, 22, 7, 20, 30)],
    ['2026-11-22T10:20:30-0330', Date.UTC(2026, 10, 22, 13, 50, 30)],
    ['2026-11-22T10:20:30+03', Date.UTC(2026, 10, 22, 7, 20, 30)],
    ['2026-11-22 10:20:30', Date.UTC(2026, 10, 22, 10, 20, 30)],
    ['2026-11-22 10:20:30.123456', Date.UTC(2026, 10, 22, 10, 20, 30, 123)],
    ['2026-11-22', Date.UTC(2026, 10, 22)],
    [' 2026-11-22 ', Date.UTC(2026, 10, 22)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1969-12-31T23:59:59.999Z', -1],
    [1_700_000_000_123, 1_700_000_000_123],
    [1_700_000_000_123.9, 1_700_000_000_123],
    [0, 0],
  ])('reads %j', (written, ms) => {
    expect(parseTime(written)).toBe(ms);
  });

  it.each([
    ['yesterday'],
    [''],
    ['2026'],
    ['2026-11'],
    ['2026-02-29T00:00:00Z'],
    ['2026-13-01'],
    ['2026-00-01'],
    ['2026-11-31'],
    ['2026-11-00'],
    ['2026-11-22T24:00:00Z'],
    ['2026-11-22T10:60:00Z'],
    ['2026-11-22T10:20:61Z'],
    ['2026-11-22T10:20:30.Z'],
    ['2026-11-22T10:20:30+25:00'],
    ['2026-11-22T'],
    ['2026-11-22x'],
    ['22.11.2026 10:20'],
    ['Sun Nov 22 2026'],
    ['1700000000000'],
    ['2026-11-22T10:20:30Z'.padEnd(50)],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1e17],
    [true],
    [null],
    [{}],
    [['2026-11-22']],
  ])('refuses %j', (written) => {
    expect(parseTime(written)).toBeUndefined();
  });

  it('agrees with the calendar on every day of four centuries', () => {
    for (let ms = Date.UTC(1970, 0, 1); ms < Date.UTC(2370, 0, 1); ms += 86_400_000) {
      const day = new Date(ms).toISOString();
      if (parseTime(day) !== ms) throw new Error(day);
    }
  });
});

describe('eventTime', () => {
  const receivedAt = Date.UTC(2026, 10, 22, 12);
  const iso = (ms: number): string => new Date(ms).toISOString();
  const before = (ms: number): string => iso(receivedAt - ms);
  const HOUR = 3_600_000;

  it('is the time of arrival without a flag if the sender names none', () => {
    expect(eventTime({}, receivedAt)).toEqual({ at: receivedAt, named: false });
    expect(eventTime({ timestamp: null, sentAt: before(HOUR) }, receivedAt)).toEqual({
      at: receivedAt,
      named: false,
    });
  });

  it('takes originalTimestamp where there is no timestamp', () => {
    expect(eventTime({ originalTimestamp: before(1000) }, receivedAt).at).toBe(receivedAt - 1000);
    expect(eventTime({ timestamp: before(5), originalTimestamp: before(1000) }, receivedAt).at).toBe(
      receivedAt - 5,
    );
  });

  it.each([
    ['just under 5 s', 4_999, 0],
    ['5 s', 5_000, 5_000],
    ['an hour', HOUR, HOUR],
    ['24 h', 24 * HOUR, 24 * HOUR],
    ['over 24 h', 24 * HOUR + 1, 0],
  ])('corrects a clock that is behind by %s', (_, skew, correction) => {
    const timestamp = before(48 * HOUR);
    const time = eventTime({ timestamp, sentAt: before(skew) }, receivedAt);
    expect(time).toEqual({ at: receivedAt - 48 * HOUR + correction, named: true });
  });

  it.each([
    ['just under 5 s', 4_999, 0],
    ['5 s', 5_000, 5_000],
    ['24 h', 24 * HOUR, 24 * HOUR],
    ['over 24 h', 24 * HOUR + 1, 0],
  ])('corrects a clock that is ahead by %s', (_, skew, correction) => {
    const timestamp = before(48 * HOUR);
    const time = eventTime({ timestamp, sentAt: iso(receivedAt + skew) }, receivedAt);
    expect(time.at).toBe(receivedAt - 48 * HOUR - correction);
  });

  it('does not correct by a sentAt that cannot be read', () => {
    expect(eventTime({ timestamp: before(HOUR), sentAt: 'now' }, receivedAt).at).toBe(receivedAt - HOUR);
  });

  it.each([
    ['timestamp_in_future', { timestamp: iso(receivedAt + 1) }, true],
    ['timestamp_in_future', { timestamp: before(1000), sentAt: before(6000) }, true],
    ['timestamp_before_1970', { timestamp: -1 }, true],
    ['timestamp_before_1970', { timestamp: '1969-12-31' }, true],
    ['timestamp_before_1970', { timestamp: 1000, sentAt: receivedAt + HOUR }, true],
    ['timestamp_unparseable', { timestamp: 'soon' }, false],
    ['timestamp_unparseable', { originalTimestamp: true }, false],
  ])('falls back to the time of arrival: %s of %j', (code, raw, named) => {
    expect(eventTime(raw, receivedAt)).toMatchObject({ at: receivedAt, named, fault: { code } });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { HttpException } from '@nestjs/common';
import { foundThen, momentIn, onlyNow, type AsOfQuery } from './as-of.ts';

const NOW = Date.UTC(2026, 5, 1);

function refused(query: AsOfQuery): unknown {
  try {
    momentIn(query, NOW);
  } catch (error) {
    return (error as HttpException).getResponse();
  }
  throw new Error('it was taken');
}

describe('momentIn', () => {
  it.each([
    [{}, undefined],
    [{ asOf: '2026-03-01T09:30:00Z' }, { at: Date.UTC(2026, 2, 1, 9, 30), clock: 'recorded' }],
    [
      { asOf: '2026-03-01T09:30:00.125+03:00' },
      { at: Date.UTC(2026, 2, 1, 6, 30, 0, 125), clock: 'recorded' },
    ],
    [{ asOf: '2026-03-01T09:30:00 03:00' }, { at: Date.UTC(2026, 2, 1, 6, 30), clock: 'recorded' }],
    [
      { asOf: '2026-03-01', clock: 'event' },
      { at: Date.UTC(2026, 2, 1), clock: 'event' },
    ],
    [{ asOf: '2026-06-01T00:00:00Z' }, { at: NOW, clock: 'recorded' }],
  ])('reads %j', (query, moment) => {
    expect(momentIn(query, NOW)).toEqual(moment);
  });

  it.each([
    [{ asOf: 'yesterday' }, 'asOf', 'ISO 8601'],
    [{ asOf: '2026-03-01T09:30:00' }, 'asOf', 'with an offset'],
    [{ asOf: '2026-13-01' }, 'asOf', 'ISO 8601'],
    [{ asOf: '1969-12-31' }, 'asOf', 'since 1970'],
    [
      { asOf: '2026-06-01T00:00:00.001Z' },
      'asOf',
      'in the future; the latest moment is now, 2026-06-01T00:00:00.000Z',
    ],
    [{ asOf: '2026-03-01', clock: 'wall' }, 'clock', 'recorded'],
    [{ clock: 'event' }, 'clock', 'missing'],
  ])('refuses %j and names %s', (query, field, text) => {
    expect(refused(query)).toMatchObject({ errors: [{ field, message: expect.stringContaining(text) }] });
  });
});

describe('onlyNow', () => {
  it('refuses a moment where there is none', () => {
    expect(() => onlyNow({})).not.toThrow();
    expect(() => onlyNow({ asOf: '2026-03-01' })).toThrow();
  });
});

describe('foundThen', () => {
  it('tells from when on there is something', () => {
    const moment = { at: Date.UTC(2026, 0, 1), clock: 'recorded' as const };
    expect(foundThen({ outcome: 'found', value: 7 }, moment, 'profile')).toBe(7);
    expect(() => foundThen({ outcome: 'unknown' }, moment, 'profile')).toThrow();
    try {
      foundThen({ outcome: 'not_yet', since: NOW }, moment, 'identifier');
    } catch (error) {
      expect((error as HttpException).getResponse()).toMatchObject({ since: '2026-06-01T00:00:00.000Z' });
    }
    expect.assertions(3);
  });
});

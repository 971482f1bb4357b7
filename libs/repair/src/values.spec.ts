import { describe, expect, it } from '@jest/globals';
import { readBirthDate } from './birth-date.ts';
import { maskNationalId, readNationalId } from './national-id.ts';

describe('national ids', () => {
  it.each([
    ['19191919190', 'tckn'],
    ['191 919 191 90', 'tckn'],
    // Tax ids of companies, as they stand on their own pages.
    ['8760047464', 'vkn'],
    ['4810058590', 'vkn'],
  ])('takes %s as a %s', (typed, kind) => {
    expect(readNationalId(typed)).toEqual({ outcome: 'valid', value: typed.replaceAll(' ', ''), kind });
  });

  it.each(['19191919191', '01234567890', '8760047465', '123', 'ayşe', '1'.repeat(50)])(
    'refuses %s',
    (typed) => {
      expect(readNationalId(typed).outcome).not.toBe('valid');
    },
  );

  it.each(['11111111110', '11111111111', '1234567890', '1111111111', '2222222222', '3333333333'])(
    'blocks %s of walk-in buyers',
    (typed) => {
      expect(readNationalId(typed)).toEqual({ outcome: 'blocked' });
    },
  );

  it('shows two digits', () => {
    expect(maskNationalId('19191919190')).toBe('•••••••••90');
  });
});

describe('birth dates', () => {
  const today = '2026-11-23';

  it.each([
    ['1990-05-17', '1990-05-17'],
    ['1990-05-17T00:00:00.000Z', '1990-05-17'],
    ['17.05.1990', '1990-05-17'],
    ['7/5/1990', '1990-05-07'],
    ['19900517', '1990-05-17'],
    ['2000-02-29', '2000-02-29'],
    ['--02-29', '--02-29'],
  ])('reads %s as %s', (typed, value) => {
    expect(readBirthDate(typed, today)).toEqual({ outcome: 'date', value });
  });

  it.each(['1900-01-01', '1899-12-31', '1970-01-01', '01.01.1970', '1970-01-01T00:00:00Z'])(
    'knows %s as a default',
    (typed) => {
      expect(readBirthDate(typed, today)).toEqual({ outcome: 'default' });
    },
  );

  it.each(['1990-02-29', '2026-11-24', '1850-05-05', '--02-30', '13.13.1990', 'yesterday', ''])(
    'refuses %j',
    (typed) => {
      expect(readBirthDate(typed, today)).toEqual({ outcome: 'invalid' });
    },
  );
});

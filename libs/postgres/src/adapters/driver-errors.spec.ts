import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isContended, translated } from './driver-errors.ts';

function refused(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code });
}

const away = { code: 'POSTGRES.UNAVAILABLE' };

describe('translated', () => {
  it.each([
    refused('57P01'),
    refused('08006'),
    refused('57014'),
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
    new Error('Client has encountered a connection error and is not queryable'),
  ])('takes %o for a server that is away', (error) => {
    expect(translated(error)).toMatchObject(away);
    expect(translated(error)).toMatchObject({ cause: error });
  });

  it.each([
    refused('28P01'),
    refused('42P01'),
    refused('53100'),
    new TypeError('terminated'),
    new Error('bug'),
    7,
  ])('leaves %o as it is', (error) => {
    expect(translated(error)).toBe(error);
  });
});

describe('isContended', () => {
  it('knows deadlocks and failures to serialise, and nothing else', () => {
    expect(['40001', '40P01', '23505'].map((code) => isContended(refused(code)))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isContended(new Error('40001'))).toBe(false);
  });
});

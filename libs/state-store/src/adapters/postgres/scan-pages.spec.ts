import { describe, expect, it } from '@jest/globals';
import { nextPageSize } from './scan-pages.ts';

const rows = (count: number, bytes: number): { key: string; value: Buffer }[] =>
  Array.from({ length: count }, () => ({ key: 'k', value: Buffer.alloc(bytes - 1) }));

describe('nextPageSize', () => {
  it('asks for about 2 MB, never for more than 2,000 rows or for none', () => {
    expect(nextPageSize(rows(16, 10))).toBe(2_000);
    expect(nextPageSize(rows(16, 20_480))).toBe(102);
    expect(nextPageSize(rows(2, 8 * 1024 * 1024))).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { fitting } from './delivery.ts';
import { itemOf } from './outbox.ts';

const items = (...bytes: number[]): ReturnType<typeof itemOf>[] =>
  bytes.map((size, i) => itemOf(`p.${i}`, 'x'.repeat(size), 0));

describe('how many items fit a request', () => {
  it('counts UTF-8 bytes', () => {
    expect(itemOf('p.1', '"ş€😀"', 0).bytes).toBe(11);
  });

  it.each([
    [[10, 10], Infinity, 2],
    [[59_000, 900, 900], Infinity, 2],
    [[70_000, 10], Infinity, 1],
    [[10, 70_000], Infinity, 1],
    [[10, 10, 10], 2, 2],
    [[10, 10, 10], 1, 1],
  ])('%j, at most %d: %d', (bytes, most, count) => {
    expect(fitting(items(...bytes), most)).toBe(count);
  });
});

import { describe, expect, it } from '@jest/globals';
import { planMoves, planRows } from './commit-plan.ts';

const value = (text: string): Buffer => Buffer.from(text);

describe('planRows', () => {
  it('keeps the last write of a row, told apart by its bytes', () => {
    const planned = planRows([
      { collection: 'c', key: 'a', value: value('1') },
      { collection: 'c', key: 'b', value: value('1') },
      { collection: 'c', key: 'a', value: null },
      { collection: 'c', key: 'b', value: value('2') },
      { collection: 'c', key: '\ud800', value: value('lone') },
      { collection: 'c', key: '\ufffd', value: value('same bytes') },
    ]);
    expect(planned.dropKeys.map(String)).toEqual(['c\u0000a']);
    expect(planned.putKeys.map(String)).toEqual(['c\u0000b', 'c\u0000\ufffd']);
    expect(planned.putValues.map(String)).toEqual(['2', 'same bytes']);
  });
});

describe('planMoves', () => {
  it('joins moves of one checkpoint that follow each other', () => {
    const moves = [
      { name: 'a', expected: 1n, next: 2n },
      { name: 'b', expected: 0n, next: 9n },
      { name: 'a', expected: 2n, next: 5n },
    ];
    expect(planMoves(moves)).toEqual({
      moves: [
        { name: 'a', expected: 1n, next: 5n },
        { name: 'b', expected: 0n, next: 9n },
      ],
    });
  });

  it('tells of a move that contradicts an earlier one', () => {
    const first = { name: 'a', expected: 1n, next: 2n };
    expect(planMoves([first, { name: 'a', expected: 1n, next: 3n }])).toEqual({
      moves: [first],
      broken: { outcome: 'conflict', name: 'a', actual: 2n },
    });
  });
});

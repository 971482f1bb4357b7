import { describe, expect, it } from '@jest/globals';
import { outcomes } from './outcomes.ts';

describe('what the overlay shows of an answer', () => {
  it('item by item', () => {
    const body = { errors: [{ index: 1, message: 'bad' }], warnings: [{ index: 2, message: 'odd' }] };
    expect(outcomes('confirmed', 200, body, 3)).toEqual([
      { state: 'confirmed', detail: '' },
      { state: 'refused', detail: 'bad' },
      { state: 'warning', detail: 'odd' },
    ]);
  });

  it('the reason for all', () => {
    expect(outcomes('again', 401, { message: 'the write key is not known' }, 1)).toEqual([
      { state: 'again', detail: '401 the write key is not known' },
    ]);
    expect(outcomes('again', 503, {}, 1)).toEqual([{ state: 'again', detail: '503' }]);
  });
});

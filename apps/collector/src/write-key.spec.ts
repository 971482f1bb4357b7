import { describe, expect, it } from '@jest/globals';
import { findWriteKey } from './write-key.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('findWriteKey', () => {
  it('takes Basic with a colon, with a password, and without a colon', () => {
    expect(findWriteKey({ authorization: basic('wk:') })).toBe('wk');
    expect(findWriteKey({ authorization: basic('wk:secret') })).toBe('wk');
    expect(findWriteKey({ authorization: basic('wk') })).toBe('wk');
  });

  it('looks in the header, the body and the query, in this order', () => {
    const query = { writeKey: 'from-query' };
    const body = { writeKey: 'from-body' };
    expect(findWriteKey({ header: 'from-header:secret', body, query })).toBe('from-header');
    expect(findWriteKey({ body, query })).toBe('from-body');
    expect(findWriteKey({ body: { writeKey: 7 }, query })).toBe('from-query');
    expect(findWriteKey({ body: null })).toBeUndefined();
  });

  it('takes the key that the items of a batch agree on', () => {
    const batch = [{ writeKey: 'wk' }, null, 7, {}, { writeKey: 'wk' }];
    expect(findWriteKey({ body: { batch } })).toBe('wk');
    expect(findWriteKey({ body: { batch, writeKey: 'top' } })).toBe('top');
    expect(findWriteKey({ body: { batch: [...batch, { writeKey: 'other' }] } })).toBeUndefined();
  });

  it('passes by a token and looks into the body', () => {
    expect(findWriteKey({ authorization: 'Bearer token', body: { writeKey: 'wk' } })).toBe('wk');
    expect(findWriteKey({ authorization: basic(':'), header: 'wk' })).toBe('wk');
  });
});

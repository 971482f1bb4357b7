import { describe, expect, it } from '@jest/globals';
import type { Payload } from './envelope.ts';
import { stripValues } from './strip-values.ts';

const PAYLOAD: Payload = {
  type: 'track',
  event: 'Order Completed',
  userId: 'u-2',
  anonymousId: '7',
  properties: {
    quantity: 7,
    receiver: { email: ' Ayse@Example.com ', phone: '0532 123 45 67', name: 'A' },
    copies: ['ayse@example.com', 'veli@example.com'],
    note: 'write to ayse@example.com',
  },
  context: { traits: { email: 'AYSE@example.com' }, externalIds: [{ type: 'crm_id', id: 'c-1' }] },
};

describe('values of suppressed identifiers', () => {
  it('go wherever they stand, however they are written', () => {
    const before = structuredClone(PAYLOAD);
    const payload = stripValues(PAYLOAD, [
      { namespace: 'email', value: 'ayse@example.com' },
      { namespace: 'phone', value: '+905321234567' },
      { namespace: 'crm_id', value: 'c-1' },
    ]);
    expect(payload).toEqual({
      ...PAYLOAD,
      properties: {
        quantity: 7,
        receiver: { name: 'A' },
        copies: ['veli@example.com'],
        note: 'write to ayse@example.com',
      },
      context: { traits: {}, externalIds: [{ type: 'crm_id' }] },
    });
    expect(PAYLOAD).toEqual(before);
  });

  it('that are keys go where keys are told only', () => {
    const { anonymousId, ...rest } = PAYLOAD;
    expect(anonymousId).toBe('7');
    expect(stripValues(PAYLOAD, [{ namespace: 'anonymous_id', value: '7' }])).toEqual(rest);
  });

  it('leave others alone', () => {
    expect(stripValues(PAYLOAD, [{ namespace: 'phone', value: '+905329999999' }])).toEqual(PAYLOAD);
  });
});

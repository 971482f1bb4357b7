import { describe, expect, it } from '@jest/globals';
import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import type { Envelope, Payload } from '#touchpoint';
import { consentInputOf, type ConsentInput } from './consent-input.ts';

function read(payload: Partial<Payload>, ns = 'anonymous_id'): ConsentInput | undefined {
  const envelope: Envelope = {
    eventId: 'event-1' as EventId,
    workspace: 'default' as Workspace,
    source: 'web' as SourceName,
    kind: 'track',
    schema: 1,
    receivedAt: 2_000,
    at: 1_000,
    index: 0,
    rules: 1,
    alg: 'xc1',
    refs: [{ ns, ref: '1' as Ref, strength: 0 }],
  };
  return consentInputOf(envelope, { ids: ['a'], payload: { type: 'track', ...payload } }, 7n as Position);
}

describe('consentInputOf', () => {
  it('reads truth values and the words of Consent Mode', () => {
    const categoryPreferences = { analytics: true, ad_storage: 'denied', ads: 'granted', odd: 1, '': true };
    const input = read({ event: 'Consent Updated', properties: { categoryPreferences } });
    expect(input).toMatchObject({ refs: ['1'], at: 1_000 });
    expect(input?.choices).toEqual({ analytics: true, ad_storage: false, ads: true });
  });

  it('reads Segment’s event, which says it in the context', () => {
    const context = { consent: { categoryPreferences: { marketing: false } } };
    expect(read({ event: 'Segment Consent Preference Updated', context })?.choices).toEqual({
      marketing: false,
    });
  });

  it('sees no choice in the state that other events carry, nor in one of nobody', () => {
    const context = { consent: { categoryPreferences: { marketing: true } } };
    expect(read({ event: 'Product Viewed', context })).toBeUndefined();
    expect(read({ event: 'Consent Updated', context }, 'event')).toBeUndefined();
    for (const categoryPreferences of [undefined, null, [], 'all', {}, { a: 'maybe' }]) {
      expect(read({ event: 'Consent Updated', properties: { categoryPreferences } })).toBeUndefined();
    }
  });
});

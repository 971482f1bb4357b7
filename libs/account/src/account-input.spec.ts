import { describe, expect, it } from '@jest/globals';
import type { EventId, Position, Ref, SourceName, Trust, Workspace } from '#kernel';
import type { Envelope, Payload } from '#touchpoint';
import { accountInputOf, type AccountInput } from './account-input.ts';

function read(payload: Payload, anchor: Ref | null = '12' as Ref, trust?: Trust): AccountInput | undefined {
  const envelope: Envelope = {
    eventId: 'event-1' as EventId,
    workspace: 'default' as Workspace,
    source: 'web' as SourceName,
    kind: payload.type,
    schema: 1,
    receivedAt: 2_000,
    at: 1_000,
    index: 3,
    rules: 1,
    alg: 'xc1',
    refs: [{ ns: 'user_id', ref: '12' as Ref, strength: 1 }],
  };
  const body = { ids: ['u'], payload, ...(trust === 'server' ? { trust } : {}) };
  return accountInputOf(envelope, body, 7n as Position, anchor);
}

describe('accountInputOf', () => {
  it('takes place and time from the envelope, account and traits from the body', () => {
    const payload: Payload = {
      type: 'group',
      groupId: ' acme ',
      traits: { plan: 'pro' },
      context: { traits: { city: 'İzmir' } },
    };
    expect(read(payload)).toEqual({
      workspace: 'default',
      accountId: 'acme',
      source: 'web',
      sourceRank: 0,
      eventId: 'event-1',
      position: 7n,
      at: 1_000,
      index: 3,
      anchor: '12',
      traits: { plan: 'pro' },
    });
    expect(read(payload, null)).toMatchObject({ anchor: null });
    expect(read(payload, null, 'server')).toMatchObject({ sourceRank: 1 });
  });

  it.each([undefined, '', '  ', 'null', 'undefined', '0', 'x'.repeat(256), '\ud800'])(
    'reads no account of %p',
    (groupId) => {
      expect(read({ type: 'group', ...(groupId === undefined ? {} : { groupId }) })).toBeUndefined();
    },
  );

  it('reads none of the context alone', () => {
    expect(read({ type: 'group', context: { groupId: 'acme' } })).toBeUndefined();
  });

  it('takes an account’s name as long as 255 characters', () => {
    expect(read({ type: 'group', groupId: 'x'.repeat(255) })?.accountId).toHaveLength(255);
  });

  it.each(['track', 'identify', 'page', 'screen', 'alias'] as const)('reads none of a %s', (type) => {
    const context = { groupId: 'acme' };
    expect(read({ type, groupId: 'acme', context, traits: { plan: 'pro' } })).toBeUndefined();
  });
});

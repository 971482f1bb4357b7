import { describe, expect, it } from '@jest/globals';
import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import type { Envelope, Payload, SealedBody, TouchpointKind } from '#touchpoint';
import { profileInputOf } from './profile-input.ts';

const position = 7n as Position;
const anchor = '12' as Ref;

function opened(kind: TouchpointKind, payload: Partial<Payload>, ns = 'email'): [Envelope, SealedBody] {
  const envelope: Envelope = {
    eventId: 'event-1' as EventId,
    workspace: 'default' as Workspace,
    source: 'web' as SourceName,
    kind,
    schema: 1,
    receivedAt: 2_000,
    at: 1_000,
    index: 3,
    rules: 1,
    alg: 'xc1',
    refs: [
      { ns: 'anonymous_id', ref: '11' as Ref, strength: 0 },
      { ns, ref: '12' as Ref, strength: 1 },
    ],
  };
  return [envelope, { ids: ['device', 'a@example.com'], payload: { type: kind, ...payload } }];
}

describe('profileInputOf', () => {
  it('takes place, time and identifiers from the envelope, values and traits from the body', () => {
    const [envelope, body] = opened('identify', {
      traits: { name: 'Ali' },
      context: { traits: { city: 'İzmir' } },
    });
    expect(profileInputOf(envelope, body, position, anchor)).toEqual({
      workspace: 'default',
      source: 'web',
      sourceRank: 0,
      eventId: 'event-1',
      position,
      at: 1_000,
      index: 3,
      kind: 'identify',
      anchor: '12',
      identifiers: [
        { ns: 'anonymous_id', ref: '11', value: 'device' },
        { ns: 'email', ref: '12', value: 'a@example.com' },
      ],
      traits: { name: 'Ali' },
    });
    expect(profileInputOf(envelope, { ...body, trust: 'server' }, position, anchor).sourceRank).toBe(1);
  });

  it('leaves an account’s traits to the account', () => {
    const [envelope, body] = opened('group', { groupId: 'g', traits: { name: 'A Ltd.' } });
    expect(profileInputOf(envelope, body, position, anchor).traits).toBeUndefined();
  });

  it('knows no identifier in what marks a touchpoint itself', () => {
    for (const ns of ['event', 'touchpoint']) {
      const [envelope, body] = opened('identify', { traits: { name: 'Ali' } }, ns);
      const { identifiers } = profileInputOf(envelope, body, position, null);
      expect(identifiers.map((identifier) => identifier.ns)).toEqual(['anonymous_id']);
    }
  });
});

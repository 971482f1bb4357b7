import { describe, expect, it } from '@jest/globals';
import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import type { Envelope, Payload, SealedBody, TouchpointKind } from '#touchpoint';
import { sessionInputOf, type SessionInput } from './session-input.ts';

const position = 7n as Position;

/** Reads a touchpoint of the namespaces' refs 10, 11, …; the one at `anchor` is its anchor. */
function read(
  kind: TouchpointKind,
  payload: Partial<Payload> = {},
  namespaces = ['user_id', 'anonymous_id', 'anonymous_id'],
  anchor: string | null = '10',
): SessionInput | undefined {
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
    refs: namespaces.map((ns, i) => ({ ns, ref: `${10 + i}` as Ref, strength: 1 })),
  };
  const body: SealedBody = { ids: namespaces.map(() => 'x'), payload: { type: kind, ...payload } };
  return sessionInputOf(envelope, body, position, anchor as Ref | null);
}

describe('sessionInputOf', () => {
  it('takes place and time from the envelope, path and campaign from the body', () => {
    const context = { page: { path: '/a' }, campaign: { name: 'spring' } };
    expect(read('track', { context })).toEqual({
      workspace: 'default',
      device: '11',
      anchor: '10',
      priority: 1,
      eventId: 'event-1',
      position,
      at: 1_000,
      index: 3,
      path: '/a',
      campaign: 'spring',
      source: 'web',
    });
  });

  it('takes the anchor for the device where no anonymous_id is named', () => {
    expect(read('track', {}, ['phone', 'email'], '11')).toMatchObject({
      device: '11',
      anchor: '11',
      priority: 5,
    });
  });

  it.each<[TouchpointKind, Partial<Payload>, string]>([
    ['page', { properties: { path: '/own' }, context: { page: { path: '/context' } } }, '/own'],
    ['page', { properties: { path: '' }, context: { page: { path: '/context' } } }, '/context'],
    ['page', { properties: { path: ['/x'] } }, ''],
    ['track', { properties: { path: '/file' }, context: { page: { path: '/context' } } }, '/context'],
    ['screen', { properties: { path: '/file' }, context: { page: [] } }, ''],
    ['identify', {}, ''],
  ])('finds the path of a %s %j', (kind, payload, path) => {
    expect(read(kind, payload)).toMatchObject({ path, campaign: '' });
  });

  it('counts what somebody did, and what somebody is known by', () => {
    const kinds: TouchpointKind[] = ['track', 'page', 'screen', 'identify', 'group', 'alias'];
    expect(kinds.filter((kind) => read(kind) !== undefined)).toEqual(kinds.slice(0, 5));
    expect(read('track', {}, ['event'], null)).toBeUndefined();
  });
});

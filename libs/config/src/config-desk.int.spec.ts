import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import { openEmbeddedKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import type { Position, SourceName, Workspace } from '#kernel';
import { ConfigDesk } from './config-desk.ts';
import { ConfigFollower } from './config-follower.ts';
import { configStream } from './config-state.ts';
import { UnreadableConfig } from './errors.ts';
import { newestRules } from './identity-rules/identity-rules.ts';
import { checkEvent } from './event-schema/check-event.ts';
import { markOf } from './source/mint-key.ts';
import { isInForce } from './source/source.ts';
import { webhookSecret } from './source/webhook-secret.ts';

let root: string;
let log: EventLog;
let keys: KeyStore;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'temas-config-'));
  log = await openLmdbEventLog({ path: join(root, 'log') });
  keys = await openEmbeddedKeyStore({ path: join(root, 'keys'), masterKey: Buffer.alloc(32, 7) });
});
afterAll(async () => {
  await keys.close();
  await log.close();
  rmSync(root, { recursive: true });
});

const NOW = Date.UTC(2026, 0, 2);
const WEB = 'web' as SourceName;
const DEFAULT = 'default' as SourceName;

let workspaces = 0;

interface Room {
  readonly author: { readonly workspace: Workspace; readonly actor: string };
  readonly desk: ConfigDesk;
  readonly follower: ConfigFollower;
  /** Another process over the same log. */
  readonly other: () => Promise<Pick<Room, 'desk' | 'follower'>>;
}

/** A desk in a workspace of its own. */
async function withRoom(use: (room: Room) => Promise<void>): Promise<void> {
  const opened: ConfigFollower[] = [];
  const open = async (): Promise<Pick<Room, 'desk' | 'follower'>> => {
    const follower = await ConfigFollower.open(log);
    opened.push(follower);
    return { follower, desk: new ConfigDesk({ log, keys, follower, now: () => NOW }) };
  };
  const author = { workspace: `w${workspaces++}` as Workspace, actor: 'admin' };
  try {
    await use({ author, ...(await open()), other: open });
  } finally {
    for (const follower of opened) await follower.close();
  }
}

/** The outcome, which must be this one. */
function expectOutcome<T extends { outcome: string }, O extends T['outcome']>(
  result: T,
  outcome: O,
): Extract<T, { outcome: O }> {
  expect(result.outcome).toBe(outcome);
  return result as Extract<T, { outcome: O }>;
}

describe('ConfigDesk over the log', () => {
  it('creates a source whose key works at once, and keeps no key in the log', () =>
    withRoom(async ({ author, desk, follower }) => {
      const settings = {
        rateLimit: 50,
        signature: { scheme: { name: 'shopify' }, secret: 'hush-hush' },
      } as const;
      const made = expectOutcome(
        await desk.createSource(author, { name: WEB, trust: 'client', settings }),
        'created',
      );
      expect(made.key).toMatch(/^tw_[A-Za-z0-9_-]{43}$/);
      expect(follower.findKey(markOf(keys, made.key))).toEqual({
        source: made.source,
        keyId: made.keyId,
        endsAt: null,
      });
      expect(made.source).toMatchObject({
        trust: 'client',
        rateLimit: 50,
        onViolation: 'keep',
        mapping: null,
      });
      expect(webhookSecret(keys, made.source)).toBe('hush-hush');
      expect(follower.findKey(markOf(keys, 'guess'))).toBeUndefined();

      const rows: string[] = [];
      for await (const { data } of log.readStream(configStream(author.workspace))) rows.push(data.toString());
      expect(rows).toHaveLength(2);
      expect(rows.join()).not.toContain(made.key);
      expect(rows.join()).not.toContain('hush-hush');
    }));

  it('lets one of two desks at once create a source; the other sees that it exists', () =>
    withRoom(async ({ author, desk, other }) => {
      const second = await other();
      const results = await Promise.all(
        [desk, second.desk, desk, second.desk].map((each) =>
          each.createSource(author, { name: WEB, trust: 'server', settings: {} }),
        ),
      );
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['created', 'exists', 'exists', 'exists']);
      const changes = await Promise.all(
        [desk, second.desk].flatMap((each) =>
          Array.from({ length: 10 }, (_, n) => each.changeSource(author, WEB, { rateLimit: n + 1 })),
        ),
      );
      expect(new Set(changes.map((change) => expectOutcome(change, 'changed').position)).size).toBe(20);
      expect(await log.lastRevision(configStream(author.workspace))).toBe(21n);
    }));

  it('rotates keys with an overlap and ends them at once', () =>
    withRoom(async ({ author, desk, follower }) => {
      const first = expectOutcome(
        await desk.createSource(author, { name: WEB, trust: 'client', settings: {} }),
        'created',
      );
      const second = expectOutcome(await desk.rotateKey(author, WEB, { overlapSeconds: 60 }), 'rotated');
      const third = expectOutcome(await desk.rotateKey(author, WEB, { overlapSeconds: 3600 }), 'rotated');
      const ends = (key: string): number | null | undefined => follower.findKey(markOf(keys, key))?.endsAt;
      expect([first, second, third].map(({ key }) => ends(key))).toEqual([
        NOW + 60_000,
        NOW + 3_600_000,
        null,
      ]);
      await desk.endKey(author, WEB, second.keyId);
      expect(ends(second.key)).toBe(NOW);
      expect(isInForce({ endsAt: NOW }, NOW)).toBe(false);
      expectOutcome(await desk.endKey(author, WEB, second.keyId), 'ended');
      expectOutcome(await desk.endKey(author, WEB, 'key_none'), 'unknown_key');
      expectOutcome(await desk.rotateKey(author, DEFAULT, { overlapSeconds: 0 }), 'unknown_source');
    }));

  it('treats a source of the environment like any other, without an event until it is changed', () =>
    withRoom(async ({ author, desk, follower, other }) => {
      const { workspace } = author;
      const bootstrap = {
        workspace,
        source: DEFAULT,
        trust: 'server',
        mark: markOf(keys, 'from-env'),
      } as const;
      follower.registerBootstrap(bootstrap);
      const source = { ...follower.state(workspace).sources.get('default') };
      expect(source).toMatchObject({
        trust: 'server',
        createdAt: null,
        keys: [{ issuedAt: null, endsAt: null }],
      });
      expectOutcome(
        await desk.createSource(author, { name: DEFAULT, trust: 'client', settings: {} }),
        'exists',
      );
      expect(await log.lastRevision(configStream(workspace))).toBeUndefined();

      expectOutcome(await desk.changeSource(author, DEFAULT, { rateLimit: 7 }), 'changed');
      const rotated = expectOutcome(await desk.rotateKey(author, DEFAULT, { overlapSeconds: 0 }), 'rotated');
      expect(follower.findKey(bootstrap.mark)?.endsAt).toBe(NOW);
      expect(rotated.source).toMatchObject({ rateLimit: 7, trust: 'server', createdAt: NOW });

      const restarted = await other();
      restarted.follower.registerBootstrap(bootstrap);
      expect(restarted.follower.findKey(bootstrap.mark)?.endsAt).toBe(NOW);
      expect(restarted.follower.state(workspace).sources.get('default')?.keys).toHaveLength(2);
      restarted.follower.registerBootstrap({ ...bootstrap, mark: markOf(keys, 'new-env') });
      expect(restarted.follower.findKey(markOf(keys, 'new-env'))).toMatchObject({ endsAt: null });
    }));

  it('knows after a restart what it knew before, and follows other processes', () =>
    withRoom(async ({ author, desk, follower, other }) => {
      const { workspace } = author;
      const definition = { required: ['order_id'] };
      const target = { kind: 'track', event: 'Order', source: null } as const;
      await desk.createSource(author, { name: WEB, trust: 'client', settings: {} });
      const made = expectOutcome(await desk.setEventSchema(author, target, definition), 'set');
      expect(made.schema).toEqual(follower.state(workspace).schemas.values().next().value);
      const second = await other();
      expect(second.follower.state(workspace)).toEqual(follower.state(workspace));

      const told: Workspace[] = [];
      const stop = second.follower.onChange((changed) => told.push(changed));
      const { position } = expectOutcome(await desk.removeEventSchema(author, target), 'removed');
      await second.follower.settled(position);
      expect(told).toEqual([workspace]);
      const event = { workspace, source: 'web', kind: 'track', event: 'Order', payload: {} } as const;
      expect(checkEvent(second.follower.state(workspace), event)).toEqual([]);
      stop();
      expectOutcome(await second.desk.removeEventSchema(author, target), 'unknown_schema');
      const elsewhere = { ...target, source: 'nobody' as SourceName };
      expectOutcome(await desk.setEventSchema(author, elsewhere, definition), 'unknown_source');
      expectOutcome(await desk.setEventSchema(author, target, { type: 'text' }), 'invalid');
      expect(told).toHaveLength(1);
    }));

  it('publishes rules of identity for whoever knows the newest version, and keeps all of them', () =>
    withRoom(async ({ author, desk, follower, other }) => {
      const second = await other();
      const first = { expectedVersion: 0, changes: { maxMembers: 20 }, reason: 'ticket 1' };
      const results = await Promise.all([
        desk.publishRules(author, first),
        second.desk.publishRules(author, { ...first, reason: 'ticket 2' }),
      ]);
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['published', 'stale']);
      const next = { expectedVersion: 1, changes: {}, reason: 'back' };
      const back = expectOutcome(await second.desk.publishRules(author, next), 'published');
      expect(back.rules).toEqual({ version: 2, changes: {}, reason: 'back', actor: 'admin', at: NOW });
      expect(await desk.publishRules(author, first)).toEqual({ outcome: 'stale', version: 2 });
      await follower.settled(back.position);
      const { identityRules } = follower.state(author.workspace);
      expect(identityRules.map(({ version, changes }) => [version, changes])).toEqual([
        [1, { maxMembers: 20 }],
        [2, {}],
      ]);
      expect(newestRules(identityRules)).toBe(identityRules[1]);
    }));

  it('goes on past types that it does not know, and refuses newer versions of those that it knows', () =>
    withRoom(async ({ author, desk, follower }) => {
      const stream = configStream(author.workspace);
      const event = (id: number, type: string, body: object): Parameters<EventLog['append']>[1] => [
        {
          id: `00000000-0000-4000-8000-${id.toString().padStart(12, '0')}`,
          type,
          metadata: Buffer.alloc(0),
          data: Buffer.from(JSON.stringify(body)),
        },
      ];
      await log.append(stream, event(1, 'SegmentDefined', { schema: 9 }), 'noStream');
      expectOutcome(await desk.createSource(author, { name: WEB, trust: 'client', settings: {} }), 'created');
      expect(follower.state(author.workspace).revision).toBe(2n);

      const path = join(root, 'newer');
      const newer = await openLmdbEventLog({ path });
      await newer.append(stream, event(2, 'SourceCreated', { schema: 2 }), 'noStream');
      await expect(ConfigFollower.open(newer)).rejects.toBeInstanceOf(UnreadableConfig);
      await newer.close();
    }));

  it('tells who waits that it was closed', async () => {
    const follower = await ConfigFollower.open(log);
    const never = (follower.position + 1_000_000n) as Position;
    await expect(follower.settled(never, 10)).rejects.toMatchObject({ code: 'CONFIG.UNAVAILABLE' });
    const waiting = follower.settled(never);
    await follower.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CONFIG.UNAVAILABLE' });
    await expect(follower.settled(never)).rejects.toMatchObject({ code: 'CONFIG.UNAVAILABLE' });
  });
});

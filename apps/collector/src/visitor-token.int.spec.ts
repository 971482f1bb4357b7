import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceName, Workspace } from '#kernel';
import { openEmbeddedKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import { HANDOVER_SECONDS, VisitorTokens } from './visitor-token.ts';

describe('VisitorTokens', () => {
  const workspace = 'default' as Workspace;
  const visitor = { workspace, source: 'web' as SourceName, anonymousId: 'device-12345' };
  let folder: string;
  let keys: KeyStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temas-visitor-'));
    keys = await openEmbeddedKeyStore({ path: folder, masterKey: Buffer.alloc(32, 5) });
  });

  afterAll(async () => {
    await keys.close();
    await rm(folder, { recursive: true });
  });

  it('are good once, for two minutes, in their workspace', () => {
    let now = 1_000;
    const tokens = new VisitorTokens(keys, () => now);
    const token = tokens.issue(visitor);
    expect(tokens.redeem(token, 'other' as Workspace)).toBeUndefined();
    expect(tokens.redeem(token, workspace)?.anonymousId).toBe('device-12345');
    expect(tokens.redeem(token, workspace)).toBeUndefined();
    const late = tokens.issue(visitor);
    now += HANDOVER_SECONDS * 1_000;
    expect(tokens.redeem(late, workspace)).toBeDefined();
    const tooLate = tokens.issue(visitor);
    now += HANDOVER_SECONDS * 1_000 + 1;
    expect(tokens.redeem(tooLate, workspace)).toBeUndefined();
    expect(tokens.redeem('forged', workspace)).toBeUndefined();
  });
});

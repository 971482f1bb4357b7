import { describe, expect, it } from '@jest/globals';
import type { SourceName, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import { HANDOVER_SECONDS, VisitorTokens } from './visitor-token.ts';

const workspace = 'default' as Workspace;
const visitor = { workspace, source: 'web' as SourceName, anonymousId: 'device-12345' };

/** Sealing has its own contract; what is asked here is the time and the single use. */
const plain = {
  seal: (_purpose: string, bytes: Uint8Array) => Buffer.from(bytes),
  open: (_purpose: string, bytes: Uint8Array) => Buffer.from(bytes),
} as unknown as KeyStore;

describe('VisitorTokens', () => {
  it('are good once, for two minutes, in their workspace', () => {
    let now = 1_000;
    const tokens = new VisitorTokens(plain, () => now);
    const token = tokens.issue(visitor);
    expect(tokens.redeem(token, 'other' as Workspace)).toBeUndefined();
    expect(tokens.redeem(token, workspace)?.anonymousId).toBe('device-12345');
    expect(tokens.redeem(token, workspace)).toBeUndefined();
    now += 1;
    const late = tokens.issue(visitor);
    now += HANDOVER_SECONDS * 1_000;
    expect(tokens.redeem(late, workspace)).toBeDefined();
    const later = tokens.issue(visitor);
    now += HANDOVER_SECONDS * 1_000 + 1;
    expect(tokens.redeem(later, workspace)).toBeUndefined();
  });
});

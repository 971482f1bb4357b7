import type { SourceName, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import type { Source } from './source.ts';

/** The secret of a source's webhooks as its events keep it, base64. Opens for this source only. */
export function sealSecret(keys: KeyStore, workspace: Workspace, source: SourceName, secret: string): string {
  return keys.seal(purposeOf(workspace, source), Buffer.from(secret, 'utf8')).toString('base64');
}

/**
 * The secret that a source's webhooks are signed with; `undefined` if the source has none, or if the master key is
 * not the one that sealed it.
 */
export function webhookSecret(keys: KeyStore, { workspace, source, signature }: Source): string | undefined {
  if (signature === null) return undefined;
  const sealed = Buffer.from(signature.sealedSecret, 'base64');
  return keys.open(purposeOf(workspace, source), sealed)?.toString('utf8');
}

function purposeOf(workspace: Workspace, source: SourceName): string {
  return `webhook-secret:${workspace}.${source}`;
}

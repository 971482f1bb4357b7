import { randomBytes } from 'node:crypto';
import type { KeyStore } from '#key-store';
import type { WriteKey } from './source.ts';

/** A key that nobody has yet. */
export interface MintedKey extends Pick<WriteKey, 'keyId' | 'mark' | 'hint'> {
  /** The key itself: shown once, kept nowhere. */
  readonly key: string;
}

/** The mark under which a write key is looked up, base64. */
export function markOf(keys: KeyStore, key: string): string {
  return keys.mark('write-key', key).toString('base64');
}

/** A new write key of 32 random bytes. */
export function mintKey(keys: KeyStore): MintedKey {
  const key = `tw_${randomBytes(32).toString('base64url')}`;
  return {
    key,
    keyId: `key_${randomBytes(8).toString('hex')}`,
    mark: markOf(keys, key),
    hint: key.slice(-4),
  };
}

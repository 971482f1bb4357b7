import type { KeyStore } from '#key-store';
import type { SourceIdentity } from './write-key.ts';

/**
 * The write keys in force. Looked up by keyed hash: the time of a look-up says nothing about how much of a
 * guessed key is right.
 */
export class WriteKeys {
  readonly #sources = new Map<string, SourceIdentity>();

  constructor(private readonly keys: KeyStore) {}

  /** From now on the key speaks for this source. */
  register(writeKey: string, source: SourceIdentity): void {
    this.#sources.set(this.#mark(writeKey), source);
  }

  /** Source of a key; `undefined` if nobody issued it. */
  find(writeKey: string): SourceIdentity | undefined {
    return this.#sources.get(this.#mark(writeKey));
  }

  #mark(writeKey: string): string {
    return this.keys.mark('write-key', writeKey).toString('base64');
  }
}

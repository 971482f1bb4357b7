import { isInForce } from '#config';
import type { ConfigFollower, Source } from '#config';
import type { SourceName, Trust, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';

/** Whom a write key speaks for. */
export interface KeyHolder {
  readonly source: Source;
  readonly keyId: string;
}

/**
 * The write keys in force. Looked up by keyed hash: the time of a look-up says nothing about how much of a
 * guessed key is right.
 */
export class WriteKeys {
  constructor(
    private readonly keys: KeyStore,
    private readonly config: ConfigFollower,
    private readonly now: () => number,
  ) {}

  /** From now on this key of the environment speaks for a source. */
  register(
    writeKey: string,
    source: { readonly workspace: Workspace; readonly source: SourceName; readonly trust: Trust },
  ): void {
    this.config.registerBootstrap({ ...source, mark: this.#mark(writeKey) });
  }

  /** Holder of a key; `undefined` if nobody issued it or it has ended. */
  find(writeKey: string): KeyHolder | undefined {
    const found = this.config.findKey(this.#mark(writeKey));
    return found !== undefined && isInForce(found, this.now()) ? found : undefined;
  }

  #mark(writeKey: string): string {
    return this.keys.mark('write-key', writeKey).toString('base64');
  }
}

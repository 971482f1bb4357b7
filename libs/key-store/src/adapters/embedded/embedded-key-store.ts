import type { Ref, Workspace } from '#kernel';
import type { DerivedSecrets } from '../../derived-secrets.ts';
import { KeyStoreClosed, KeyStoreCorrupt } from '../../errors.ts';
import type {
  EraseReport,
  EraseRequest,
  IdentifierValue,
  KeyStore,
  Resolution,
  ResolveRequest,
} from '../../key-store.port.ts';
import type { Eraser } from './eraser.ts';
import { type IdentifierCache, nameOf } from '../common/identifier-cache.ts';
import { guarded, type Ledger } from './ledger.ts';
import { formatRef, parseRef } from '../common/ref-bytes.ts';
import type { Resolver } from '../common/resolver.ts';

/** What the store is made of. */
export interface EmbeddedParts {
  readonly secrets: DerivedSecrets;
  readonly ledger: Ledger;
  readonly cache: IdentifierCache;
  readonly resolver: Resolver;
  readonly eraser: Eraser;
  /** Closes the files, after all work has ended. */
  readonly release: () => Promise<void>;
}

/** The key store on LMDB, RocksDB and a file of bucket keys, in this process. */
export class EmbeddedKeyStore implements KeyStore {
  #closing: Promise<void> | undefined;

  constructor(private readonly parts: EmbeddedParts) {}

  async resolve(requests: readonly ResolveRequest[]): Promise<readonly Resolution[]> {
    this.#assertOpen();
    return this.parts.resolver.resolve(requests);
  }

  async find(workspace: Workspace, identifier: IdentifierValue): Promise<Ref | 'suppressed' | undefined> {
    this.#assertOpen();
    const known = this.parts.cache.get(nameOf(workspace, identifier));
    return known === undefined ? this.#lookUp(workspace, identifier) : known.ref;
  }

  async keysOf(refs: readonly Ref[]): Promise<readonly (Buffer | null)[]> {
    this.#assertOpen();
    const keys: (Buffer | null)[] = refs.map((ref) => this.parts.cache.key(ref) ?? null);
    const missing = [...keys.keys()].filter((i) => keys[i] === null);
    if (missing.length === 0) return keys;
    const read = await this.#readKeys(missing.map((i) => refs[i] as Ref));
    missing.forEach((i, n) => (keys[i] = read[n] ?? null));
    return keys;
  }

  async erase(request: EraseRequest): Promise<EraseReport> {
    this.#assertOpen();
    return guarded(() => this.parts.eraser.erase(request));
  }

  /** Old bucket keys are overwritten in place, before `erase` answers. */
  async remains(): Promise<undefined> {
    return undefined;
  }

  async permit(workspace: Workspace, identifier: IdentifierValue): Promise<boolean> {
    this.#assertOpen();
    const { ledger, secrets } = this.parts;
    const hash = secrets.identifierHash(workspace, identifier.namespace, identifier.value);
    return ledger.exclusive(async () => {
      const [state] = await ledger.index.lookUp([hash]);
      if (state !== 'suppressed') return false;
      await ledger.write(
        [{ kind: 'permit', hashes: [hash] }],
        () => undefined,
        () => undefined,
      );
      return true;
    });
  }

  eventId(workspace: string, source: string, messageId: string): string {
    return this.parts.secrets.eventId(workspace, source, messageId);
  }

  mark(purpose: string, content: string | Uint8Array): Buffer {
    return this.parts.secrets.mark(purpose, content);
  }

  seal(purpose: string, plain: Uint8Array): Buffer {
    return this.parts.secrets.seal(purpose, plain);
  }

  open(purpose: string, sealed: Uint8Array): Buffer | undefined {
    return this.parts.secrets.open(purpose, sealed);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.parts.eraser.idle();
    await this.parts.ledger.idle();
    await this.parts.release();
    this.parts.cache.clear();
  }

  async #lookUp(workspace: Workspace, identifier: IdentifierValue): Promise<Ref | 'suppressed' | undefined> {
    const { ledger, secrets } = this.parts;
    const hash = secrets.identifierHash(workspace, identifier.namespace, identifier.value);
    const [state] = await guarded(() => ledger.index.lookUp([hash]));
    return state === undefined || state === 'suppressed' ? state : formatRef(state.ref);
  }

  async #readKeys(refs: readonly Ref[]): Promise<(Buffer | null)[]> {
    const { ledger } = this.parts;
    const keys = await guarded(() => this.#openKeys(refs));
    if (keys !== 'moved') return keys;
    // A re-wrap came between the read and the opening; read again while nothing moves.
    const settled = await ledger.exclusive(() => this.#openKeys(refs));
    if (settled === 'moved') throw new KeyStoreCorrupt('a record is not readable under its bucket key');
    return settled;
  }

  async #openKeys(refs: readonly Ref[]): Promise<(Buffer | null)[] | 'moved'> {
    const { ledger, cache } = this.parts;
    const parsed = refs.map(parseRef);
    const records = await ledger.index.records(parsed.filter((bytes) => bytes !== undefined));
    const keys: (Buffer | null)[] = [];
    let next = 0;
    for (const [i, bytes] of parsed.entries()) {
      const held = bytes === undefined ? undefined : records[next++];
      let key: Buffer | null = null;
      if (held?.record.hasKey) {
        const secret = ledger.keyring.open(held.record);
        if (secret === undefined) return 'moved';
        key = secret.key;
      }
      if (key !== null) cache.keepKey(refs[i] as Ref, key);
      keys.push(key);
    }
    return keys;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new KeyStoreClosed();
    this.parts.ledger.assertOpen();
  }
}

import type { Ref, Workspace } from '#kernel';
import { lockUntilCommit } from '#postgres';
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
import { type IdentifierCache, nameOf } from '../common/identifier-cache.ts';
import { Lane } from '../common/lane.ts';
import { parseRef } from '../common/ref-bytes.ts';
import { Resolver } from '../common/resolver.ts';
import type { HeldKeys } from '../../held-keys.ts';
import type { KeyRemains } from '../../key-remains.ts';
import { adoptKeys } from './adopt.ts';
import type { BucketKeys } from './bucket-keys.ts';
import { eraseGroup, groupsOf } from './eraser.ts';
import type { ErasureWatch } from './erasure-watch.ts';
import { guarded, type KeyDatabase, KEYS_LOCK } from './key-database.ts';
import { boxesOf, statesOf } from './key-rows.ts';
import { resolveRound } from './resolve-round.ts';
import { readRemains, sweep } from './sweep.ts';

/** A key store that can take over another one. */
export interface PostgresKeyStore extends KeyStore {
  /**
   * Takes over what another key store under the same master key holds; repeatable. `progress` is told the refs that are
   * done. Throws `ForeignKeys` where an identifier has another ref here, `KeyStoreUnavailable`.
   */
  adopt(held: HeldKeys, progress: (done: number) => void): Promise<void>;
}

/** What the store is made of. */
export interface PostgresKeyStoreParts extends KeyDatabase {
  readonly url: string;
  readonly secrets: DerivedSecrets;
  readonly cache: IdentifierCache;
  readonly buckets: BucketKeys;
  readonly watch: ErasureWatch;
}

// A key under a bucket key that another process replaces between two reads, again and again.
const READS = 8;

/** The key store on PostgreSQL, shared by any number of processes. */
export class SharedKeyStore implements PostgresKeyStore {
  readonly #rounds = new Lane();
  readonly #erasures = new Lane();
  readonly #resolver: Resolver;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(private readonly parts: PostgresKeyStoreParts) {
    this.#resolver = new Resolver(parts.cache, (take) =>
      this.#rounds.run(() => {
        const requests = take();
        return guarded(parts, () => resolveRound(requests, parts));
      }),
    );
  }

  adopt(held: HeldKeys, progress: (done: number) => void): Promise<void> {
    return guarded(this.parts, () => adoptKeys(this.parts, this.parts.buckets, held, progress));
  }

  async resolve(requests: readonly ResolveRequest[]): Promise<readonly Resolution[]> {
    await this.#settle();
    return this.#tracked(this.#resolver.resolve(requests));
  }

  async find(workspace: Workspace, identifier: IdentifierValue): Promise<Ref | 'suppressed' | undefined> {
    await this.#settle();
    const { cache, secrets, database, schema } = this.parts;
    const known = cache.get(nameOf(workspace, identifier));
    if (known !== undefined) return known.ref;
    const hash = secrets.identifierHash(workspace, identifier.namespace, identifier.value);
    const states = await this.#guarded(() => statesOf(database, schema, [hash]));
    const [state] = states.values();
    return state === undefined || state === 'suppressed' ? state : state.ref;
  }

  async keysOf(refs: readonly Ref[]): Promise<readonly (Buffer | null)[]> {
    await this.#settle();
    const { cache } = this.parts;
    const keys: (Buffer | null)[] = refs.map((ref) => cache.key(ref) ?? null);
    const missing = refs.filter((ref, i) => keys[i] === null && parseRef(ref) !== undefined);
    if (missing.length === 0) return keys;
    const read = await this.#guarded(() => this.#readKeys(missing));
    return keys.map((key, i) => key ?? read.get(refs[i] as Ref) ?? null);
  }

  async erase(request: EraseRequest): Promise<EraseReport> {
    this.#assertOpen();
    const { parts } = this;
    const suppress = [...new Set(request.suppress)];
    return this.#erasures.run(async () => {
      const report = { keys: 0, identifiers: 0, buckets: 0 };
      for (const group of groupsOf(request.refs)) {
        const step = await guarded(parts, () => eraseGroup(group, suppress, parts));
        report.keys += step.keys;
        report.identifiers += step.identifiers;
        report.buckets += step.buckets;
      }
      await guarded(parts, () => parts.watch.look());
      await guarded(parts, () => sweep(parts.url, parts));
      return report;
    });
  }

  async permit(workspace: Workspace, identifier: IdentifierValue): Promise<boolean> {
    this.#assertOpen();
    const { secrets, database, schema } = this.parts;
    const hash = secrets.identifierHash(workspace, identifier.namespace, identifier.value);
    return this.#guarded(() =>
      database.transaction(async (session) => {
        await lockUntilCommit(session, schema, KEYS_LOCK);
        const gone = await session.query(
          `DELETE FROM ${schema}.key_suppressed WHERE hash = $1::bytea RETURNING 1`,
          [hash],
        );
        return gone.length > 0;
      }),
    );
  }

  async remains(): Promise<KeyRemains | undefined> {
    this.#assertOpen();
    return this.#guarded(() => readRemains(this.parts));
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
    const { watch, database, cache, buckets } = this.parts;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await this.#erasures.idle();
    await this.#rounds.idle();
    await watch.close();
    await database.close();
    cache.clear();
    buckets.clear();
  }

  async #readKeys(refs: readonly Ref[]): Promise<Map<Ref, Buffer>> {
    const { database, schema, buckets, cache } = this.parts;
    for (let read = 0; read < READS; read++) {
      const boxes = await boxesOf(database, schema, refs);
      const keys = new Map<Ref, Buffer>();
      for (const [ref, box] of boxes) {
        const key = buckets.open(ref, box);
        if (key !== undefined) keys.set(ref, cache.keepKey(ref, key));
      }
      if (keys.size === boxes.size) return keys;
      await buckets.refresh(database);
    }
    throw new KeyStoreCorrupt('a key does not open under its bucket key');
  }

  /** Memory is believed only while it was compared with the table lately: an erasure elsewhere must reach it. */
  async #settle(): Promise<void> {
    this.#assertOpen();
    const { watch } = this.parts;
    if (!watch.settled) await this.#guarded(() => watch.look());
  }

  #guarded<T>(task: () => Promise<T>): Promise<T> {
    return this.#tracked(guarded(this.parts, task));
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const done = (): void => void this.#underWay.delete(work);
    work.then(done, done);
    return work;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw new KeyStoreClosed();
  }
}

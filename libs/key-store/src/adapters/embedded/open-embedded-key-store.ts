import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { DerivedSecrets } from '../../derived-secrets.ts';
import { WrongMasterKey } from '../../errors.ts';
import type { KeyStore } from '../../key-store.port.ts';
import { BucketFile } from './bucket-file.ts';
import { EmbeddedKeyStore } from './embedded-key-store.ts';
import { Eraser, type ErasureWatch } from './eraser.ts';
import { IdentifierCache } from '../common/identifier-cache.ts';
import { Keyring } from './keyring.ts';
import { Ledger } from './ledger.ts';
import { MintLog } from './mint-log.ts';
import { finishErasures, replay } from './recovery.ts';
import { resolveRound } from './resolve-round.ts';
import { ReferenceIndex } from './reference-index.ts';
import { Resolver } from '../common/resolver.ts';

/** Where the embedded key store lies and what opens it. */
export interface EmbeddedKeyStoreOptions {
  /** Folder of the store; created if missing. */
  readonly path: string;
  /** 32 bytes; the caller may clear them after the opening. */
  readonly masterKey: Buffer;
  /** Identifiers kept opened in memory, about 0.5 KB each; 100,000 by default. */
  readonly cacheSize?: number;
}

const CACHE_SIZE = 100_000;

/**
 * Opens the embedded key store, creates it in an empty folder, and finishes what a killed process left half-done.
 * Throws `InvalidMasterKey`, `WrongMasterKey`, `KeyStoreInUse`, `KeyStoreCorrupt`.
 */
export async function openEmbeddedKeyStore(options: EmbeddedKeyStoreOptions): Promise<KeyStore> {
  return openWatched(options, () => undefined);
}

/** As `openEmbeddedKeyStore`, telling `watch` of each step of an erasure. */
export async function openWatched(options: EmbeddedKeyStoreOptions, watch: ErasureWatch): Promise<KeyStore> {
  const secrets = new DerivedSecrets(options.masterKey);
  await mkdir(options.path, { recursive: true, mode: 0o700 });
  const parts: { close(): Promise<void> }[] = [];
  const release = async (): Promise<void> => {
    for (const part of parts.reverse()) await part.close();
  };
  try {
    // First, because its lock keeps every other process out of the folder.
    const index = await ReferenceIndex.open(join(options.path, 'index'));
    parts.push(index);
    const mints = MintLog.open(join(options.path, 'mints'));
    parts.push(mints);
    const identity = mints.identity();
    if (identity && !secrets.check(identity.id).equals(identity.check)) throw new WrongMasterKey();
    const bucketPath = join(options.path, 'buckets');
    const buckets = identity
      ? await BucketFile.open(bucketPath, secrets.bucketWrap)
      : await createBuckets(options.path, bucketPath, secrets.bucketWrap);
    parts.push(buckets);
    const id = identity?.id ?? (await mints.found((fresh) => secrets.check(fresh)));
    const keyring = new Keyring((bucket) => {
      const generation = mints.generation(bucket);
      return { generation, key: buckets.key(bucket, generation) };
    });
    await replay(id, mints, index, keyring);
    await finishErasures(index, buckets, keyring);
    const ledger = new Ledger(id, mints, index, keyring);
    const cache = new IdentifierCache(options.cacheSize ?? CACHE_SIZE);
    return new EmbeddedKeyStore({
      secrets,
      ledger,
      cache,
      resolver: new Resolver(cache, (take) =>
        ledger.exclusive(() => resolveRound(take(), ledger, secrets, cache)),
      ),
      eraser: new Eraser(ledger, buckets, cache, watch),
      release: async () => {
        await release();
        keyring.clear();
      },
    });
  } catch (error) {
    await release();
    throw error;
  }
}

async function createBuckets(folder: string, path: string, wrap: Buffer): Promise<BucketFile> {
  const buckets = await BucketFile.create(path, wrap);
  const directory = await open(folder, 'r');
  await directory.sync();
  await directory.close();
  return buckets;
}

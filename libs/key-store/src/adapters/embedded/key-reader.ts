import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ref } from '#kernel';
import { DerivedSecrets } from '../../derived-secrets.ts';
import { KeyStoreCorrupt, WrongMasterKey } from '../../errors.ts';
import { BucketFile } from './bucket-file.ts';
import { Keyring } from './keyring.ts';
import { MintLog } from './mint-log.ts';
import { formatRef } from '../common/ref-bytes.ts';
import type { SealedRecord } from '../common/sealed-record.ts';

/** Keys of a store that another process may be using: reads only, and takes no lock. */
export interface KeyReader {
  /** Key of an anchor; `null` where there is none or it was destroyed before the reader was opened. */
  keyOf(ref: Ref): Promise<Buffer | null>;
  /** Clears the keys from memory. */
  close(): Promise<void>;
}

/**
 * Opens the keys of an embedded store for reading, from its mint log alone; the sealed records are held in memory,
 * about 0.4 KB each, so this is for tools, not for services. It sees bucket keys as they stood at the opening: open it
 * anew after an erasure. Throws `WrongMasterKey` and `KeyStoreCorrupt`.
 */
export async function openKeyReader(options: {
  /** Folder of the store. */
  readonly path: string;
  /** 32 bytes. */
  readonly masterKey: Buffer;
}): Promise<KeyReader> {
  const secrets = new DerivedSecrets(options.masterKey);
  const folder = join(options.path, 'mints');
  if (!existsSync(folder)) throw new KeyStoreCorrupt('there is no key store in this folder');
  const mints = MintLog.open(folder);
  const records = new Map<Ref, SealedRecord>();
  let last = 0;
  const readOn = (): void => {
    for (const { number, row } of mints.after(last)) {
      last = number;
      if (row.kind === 'mint' || row.kind === 'rewrap') {
        for (const record of row.records) records.set(formatRef(record.ref), record);
      }
    }
  };
  try {
    const identity = mints.identity();
    if (identity === undefined) throw new KeyStoreCorrupt('the key store was never founded');
    if (!secrets.check(identity.id).equals(identity.check)) throw new WrongMasterKey();
    const buckets = await BucketFile.open(join(options.path, 'buckets'), secrets.bucketWrap);
    const keyring = new Keyring((bucket) => {
      const generation = mints.generation(bucket);
      return { generation, key: buckets.key(bucket, generation) };
    });
    await buckets.close();
    readOn();
    return {
      keyOf(ref) {
        if (records.get(ref)?.hasKey !== true) readOn();
        const record = records.get(ref);
        return Promise.resolve((record && keyring.open(record)?.key) ?? null);
      },
      async close() {
        keyring.clear();
        await mints.close();
      },
    };
  } catch (error) {
    await mints.close();
    throw error;
  }
}

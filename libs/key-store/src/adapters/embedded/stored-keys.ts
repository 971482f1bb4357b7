import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DerivedSecrets } from '../../derived-secrets.ts';
import { KeyStoreCorrupt, WrongMasterKey } from '../../errors.ts';
import { BucketFile } from './bucket-file.ts';
import { Keyring } from './keyring.ts';
import { MintLog } from './mint-log.ts';

/** Where an embedded key store lies, and what opens it. */
export interface StoredKeysOptions {
  /** Folder of the store. */
  readonly path: string;
  /** 32 bytes. */
  readonly masterKey: Buffer;
}

/** What is stored of keys, and what opens it: bucket keys as they stood at the opening. Close `mints`, clear `keyring`. */
export interface StoredKeys {
  readonly mints: MintLog;
  readonly keyring: Keyring;
}

/** Opens a store's mint log for reading; takes no lock. Throws `WrongMasterKey` and `KeyStoreCorrupt`. */
export async function openStoredKeys({ path, masterKey }: StoredKeysOptions): Promise<StoredKeys> {
  const secrets = new DerivedSecrets(masterKey);
  const folder = join(path, 'mints');
  if (!existsSync(folder)) throw new KeyStoreCorrupt('there is no key store in this folder');
  const mints = MintLog.open(folder);
  try {
    const identity = mints.identity();
    if (identity === undefined) throw new KeyStoreCorrupt('the key store was never founded');
    if (!secrets.check(identity.id).equals(identity.check)) throw new WrongMasterKey();
    const buckets = await BucketFile.open(join(path, 'buckets'), secrets.bucketWrap);
    const keyring = new Keyring((bucket) => {
      const generation = mints.generation(bucket);
      return { generation, key: buckets.key(bucket, generation) };
    });
    await buckets.close();
    return { mints, keyring };
  } catch (error) {
    await mints.close();
    throw error;
  }
}

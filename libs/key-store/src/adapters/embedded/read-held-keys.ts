import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ref } from '#kernel';
import { DerivedSecrets } from '../../derived-secrets.ts';
import { KeyStoreCorrupt, WrongMasterKey } from '../../errors.ts';
import type { HeldKeys } from '../../held-keys.ts';
import { formatRef } from '../common/ref-bytes.ts';
import type { SealedRecord } from '../common/sealed-record.ts';
import { BucketFile } from './bucket-file.ts';
import { Keyring } from './keyring.ts';
import { MintLog } from './mint-log.ts';

/**
 * Reads all that an embedded key store holds, in memory: some 0.5 KB a ref. What was erased is not among it. The store
 * must not be in use. Throws `WrongMasterKey` and `KeyStoreCorrupt`.
 */
export async function readHeldKeys(options: {
  /** Folder of the store. */
  readonly path: string;
  /** 32 bytes. */
  readonly masterKey: Buffer;
}): Promise<HeldKeys> {
  const secrets = new DerivedSecrets(options.masterKey);
  const folder = join(options.path, 'mints');
  if (!existsSync(folder)) throw new KeyStoreCorrupt('there is no key store in this folder');
  const mints = MintLog.open(folder);
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
    const records = new Map<Ref, SealedRecord>();
    const suppressed = new Map<string, Buffer>();
    for (const { row } of mints.after(0)) {
      if (row.kind === 'mint' || row.kind === 'rewrap') {
        for (const record of row.records) records.set(formatRef(record.ref), record);
      } else {
        for (const hash of row.hashes) {
          if (row.kind === 'suppress') suppressed.set(hash.toString('hex'), Buffer.from(hash));
          else suppressed.delete(hash.toString('hex'));
        }
      }
    }
    // What lies under a bucket key that is gone was erased.
    const refs = [...records].flatMap(([ref, record]) => {
      const secret = keyring.open(record);
      return secret === undefined ? [] : [{ ref, ...secret }];
    });
    keyring.clear();
    return { refs, suppressed: [...suppressed.values()] };
  } finally {
    await mints.close();
  }
}

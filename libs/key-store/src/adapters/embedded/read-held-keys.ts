import type { Ref } from '#kernel';
import type { HeldKeys } from '../../held-keys.ts';
import { formatRef } from '../common/ref-bytes.ts';
import type { SealedRecord } from '../common/sealed-record.ts';
import { openStoredKeys, type StoredKeysOptions } from './stored-keys.ts';

/**
 * Reads all that an embedded key store holds, in memory: some 0.5 KB a ref. What was erased is not among it. The store
 * must not be in use. Throws `WrongMasterKey` and `KeyStoreCorrupt`.
 */
export async function readHeldKeys(options: StoredKeysOptions): Promise<HeldKeys> {
  const { mints, keyring } = await openStoredKeys(options);
  try {
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
    return { refs, suppressed: [...suppressed.values()] };
  } finally {
    keyring.clear();
    await mints.close();
  }
}

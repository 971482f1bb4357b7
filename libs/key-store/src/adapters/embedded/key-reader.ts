import type { Ref } from '#kernel';
import { formatRef } from '../common/ref-bytes.ts';
import type { SealedRecord } from '../common/sealed-record.ts';
import { openStoredKeys, type StoredKeysOptions } from './stored-keys.ts';

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
export async function openKeyReader(options: StoredKeysOptions): Promise<KeyReader> {
  const { mints, keyring } = await openStoredKeys(options);
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
}

import { TemasError } from '#kernel';

/** The master key is not 32 bytes. */
export class InvalidMasterKey extends TemasError {
  override readonly name = 'InvalidMasterKey';

  constructor(bytes: number) {
    super('KEY_STORE.INVALID_MASTER_KEY', `a master key has 32 bytes, this one has ${bytes}`);
  }
}

/** The store was created under another master key. Nothing was written. */
export class WrongMasterKey extends TemasError {
  override readonly name = 'WrongMasterKey';

  constructor() {
    super('KEY_STORE.WRONG_MASTER_KEY', 'the key store was created under another master key');
  }
}

/** Another process, or another store of this process, holds the folder. */
export class KeyStoreInUse extends TemasError {
  override readonly name = 'KeyStoreInUse';

  constructor(options?: ErrorOptions) {
    super('KEY_STORE.IN_USE', 'the key store is open elsewhere', options);
  }
}

/** What is on disk contradicts itself: files were lost, mixed or damaged. Restore from a backup. */
export class KeyStoreCorrupt extends TemasError {
  override readonly name = 'KeyStoreCorrupt';

  constructor(what: string) {
    super('KEY_STORE.CORRUPT', what);
  }
}

/** The engine refused a write or a read. Nothing that was asked is promised; ask again. */
export class KeyStoreUnavailable extends TemasError {
  override readonly name = 'KeyStoreUnavailable';

  constructor(options?: ErrorOptions) {
    super('KEY_STORE.UNAVAILABLE', 'the key store cannot answer', options);
  }
}

/** The store was closed, or stopped itself after its index failed; opening it again repairs the index. */
export class KeyStoreClosed extends TemasError {
  override readonly name = 'KeyStoreClosed';

  constructor(options?: ErrorOptions) {
    super('KEY_STORE.CLOSED', 'the key store is closed', options);
  }
}

/** A request names an anchor that is not among its identifiers: a bug of the caller. */
export class InvalidAnchor extends TemasError {
  override readonly name = 'InvalidAnchor';

  constructor(anchor: number, identifiers: number) {
    super('KEY_STORE.INVALID_ANCHOR', `anchor ${anchor} of ${identifiers} identifiers`);
  }
}

/** The key store that is to take over another one has minted refs of its own for the same identifiers. */
export class ForeignKeys extends TemasError {
  override readonly name = 'ForeignKeys';

  constructor() {
    super(
      'KEY_STORE.FOREIGN_KEYS',
      'the key store holds other refs of the same identifiers: it must be a new one',
    );
  }
}

import { TemasError } from '#kernel';

/** The native engine cannot be loaded: a package of the operating system is missing. */
export class EngineMissing extends TemasError {
  override readonly name = 'EngineMissing';

  constructor(message: string, options?: ErrorOptions) {
    super('STATE_STORE.ENGINE_MISSING', message, options);
  }
}

/** Another process, or another store of this one, holds the folder. */
export class StoreInUse extends TemasError {
  override readonly name = 'StoreInUse';

  constructor(path: string, options?: ErrorOptions) {
    super(
      'STATE_STORE.IN_USE',
      `the state store in ${path} is already open: only one process may hold it, end the other one first`,
      options,
    );
  }
}

/**
 * The engine failed, on a full disk for instance; reads may still work. After a failed commit the outcome is
 * unknown: open the store again and read the checkpoint before going on.
 */
export class StoreFailed extends TemasError {
  override readonly name = 'StoreFailed';

  constructor(message: string, options?: ErrorOptions) {
    super('STATE_STORE.FAILED', message, options);
  }
}

/** The store was used after `close`, or closed while a scan was being consumed; a bug of the caller. */
export class StoreClosed extends TemasError {
  override readonly name = 'StoreClosed';

  constructor() {
    super('STATE_STORE.CLOSED', 'the state store is closed');
  }
}

/** A collection's name outside `[a-z0-9.]{1,32}`; a bug of the caller. Nothing was written. */
export class BadCollection extends TemasError {
  override readonly name = 'BadCollection';

  constructor(collection: string) {
    super('STATE_STORE.BAD_COLLECTION', `not a collection's name: ${JSON.stringify(collection)}`);
  }
}

/** A fold read a row that nobody loaded for its block; a bug of the fold's list of keys. */
export class RowNotLoaded extends TemasError {
  override readonly name = 'RowNotLoaded';

  constructor(collection: string) {
    super('STATE_STORE.NOT_LOADED', `a fold read ${collection} before it was loaded`);
  }
}

/**
 * The database is away, and did not come back while the store waited. After a failed commit the outcome is unknown:
 * read the checkpoint before going on.
 */
export class StoreUnavailable extends TemasError {
  override readonly name = 'StoreUnavailable';

  constructor(step: string, options?: ErrorOptions) {
    super('STATE_STORE.UNAVAILABLE', `the state store cannot ${step}: its database does not answer`, options);
  }
}

/** Another process holds the lease with a newer epoch. Nothing was written, and nothing will be: end this writer. */
export class Deposed extends TemasError {
  override readonly name = 'Deposed';

  constructor(lease: string, epoch: bigint) {
    super('STATE_STORE.DEPOSED', `the lease ${lease} of epoch ${epoch} was taken over by another process`);
  }
}

/** A store's or a lease's name outside what the adapter can keep; a bug of the caller. Nothing was written. */
export class BadStoreName extends TemasError {
  override readonly name = 'BadStoreName';

  constructor(name: string) {
    super('STATE_STORE.BAD_NAME', `not a state store's name: ${JSON.stringify(name)}`);
  }
}

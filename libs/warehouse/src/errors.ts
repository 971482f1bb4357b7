import { TemasError } from '#kernel';

/**
 * The engine cannot answer now: it is starting again after a crash, is out of memory or has too much to do. The
 * outcome of a write is unknown; repeating it with the same token is safe.
 */
export class WarehouseUnavailable extends TemasError {
  override readonly name = 'WarehouseUnavailable';

  constructor(message: string, options?: ErrorOptions) {
    super('WAREHOUSE.UNAVAILABLE', message, options);
  }
}

/** The engine understood the statement and refused it: repeating it gives the same answer. */
export class WarehouseRejected extends TemasError {
  override readonly name = 'WarehouseRejected';

  constructor(
    /** ClickHouse's error number, such as 60 for an unknown table. */
    readonly errorNumber: number,
    /** ClickHouse's name of it, such as `UNKNOWN_TABLE`. */
    readonly type: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super('WAREHOUSE.REJECTED', message, options);
  }
}

/** A generation that readers still see was to be dropped; a bug of the caller. Nothing was dropped. */
export class GenerationInUse extends TemasError {
  override readonly name = 'GenerationInUse';

  constructor(generation: number) {
    super('WAREHOUSE.GENERATION_IN_USE', `generation ${generation} is the promoted one`);
  }
}

/** The engine gave up on rewriting a part of a table. No answer has changed; overrides stay where they are. */
export class SquashFailed extends TemasError {
  override readonly name = 'SquashFailed';

  constructor(table: string, reason: string) {
    super('WAREHOUSE.SQUASH_FAILED', `rows of ${table} could not be rewritten: ${reason}`);
  }
}

/** Rows were left as they were by a rewrite that ended well; a bug of ours or the engine's. Overrides stay. */
export class SquashIncomplete extends TemasError {
  override readonly name = 'SquashIncomplete';

  constructor(table: string, rows: number) {
    super('WAREHOUSE.SQUASH_INCOMPLETE', `${rows} rows of ${table} were not rewritten`);
  }
}

/** A server's address that is none. Its text is not quoted: it may hold a password. */
export class BadWarehouseUrl extends TemasError {
  override readonly name = 'BadWarehouseUrl';

  constructor() {
    super(
      'WAREHOUSE.BAD_URL',
      'the ClickHouse URL must be http(s)://user:password@host:port, without a path',
    );
  }
}

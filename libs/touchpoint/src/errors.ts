import { TemasError } from '#kernel';

/** The metadata of an event is no envelope: the log was written by something else, or is damaged. */
export class BrokenEnvelope extends TemasError {
  override readonly name = 'BrokenEnvelope';

  constructor(message: string, options?: ErrorOptions) {
    super('TOUCHPOINT.BROKEN_ENVELOPE', message, options);
  }
}

/** A touchpoint of a schema that this version does not know: it was written by a newer one. */
export class UnknownSchema extends TemasError {
  override readonly name = 'UnknownSchema';

  constructor(schema: number, known: number) {
    super('TOUCHPOINT.UNKNOWN_SCHEMA', `touchpoint schema ${schema} is newer than the known ${known}`);
  }
}

/** A key that is not 32 bytes long; a bug of the caller. */
export class BadKey extends TemasError {
  override readonly name = 'BadKey';

  constructor(bytes: number) {
    super('TOUCHPOINT.BAD_KEY', `a sealing key has 32 bytes, not ${bytes}`);
  }
}

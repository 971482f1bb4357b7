import { TemasError } from '#kernel';

/** The log holds a tally that a newer version wrote. */
export class UnreadableTally extends TemasError {
  override readonly name = 'UnreadableTally';

  constructor(schema: string) {
    super('QUALITY.UNREADABLE', `a tally in the log has schema ${schema}, this version reads 1`);
  }
}

/** Somebody else wrote to a stream that is this process's own; a bug. */
export class ForeignWriter extends TemasError {
  override readonly name = 'ForeignWriter';

  constructor(stream: string) {
    super('QUALITY.FOREIGN_WRITER', `the stream ${stream} was written by another process`);
  }
}

import { TemasError } from '#kernel';

/** The log cannot answer now; the outcome of an append is unknown. Retry with the same ids and revision. */
export class LogUnavailable extends TemasError {
  override readonly name = 'LogUnavailable';

  constructor(message: string, options?: ErrorOptions) {
    super('EVENT_LOG.UNAVAILABLE', message, options);
  }
}

/** An append went beyond the port's limits; a bug of the caller. Nothing was written. */
export class AppendTooLarge extends TemasError {
  override readonly name = 'AppendTooLarge';

  constructor(message: string) {
    super('EVENT_LOG.APPEND_TOO_LARGE', message);
  }
}

/** An append, or a stream name, that no adapter could take; a bug of the caller. Nothing was written. */
export class InvalidAppend extends TemasError {
  override readonly name = 'InvalidAppend';

  constructor(message: string) {
    super('EVENT_LOG.INVALID_APPEND', message);
  }
}

/** The engine does not let these credentials do it; nothing was written. An operator has to grant the rights. */
export class LogAccessDenied extends TemasError {
  override readonly name = 'LogAccessDenied';

  constructor(options?: ErrorOptions) {
    super('EVENT_LOG.ACCESS_DENIED', 'the event log denies access', options);
  }
}

/** What stands in the log is not what this version wrote: a newer format, or a damaged disk. */
export class UnreadableLog extends TemasError {
  override readonly name = 'UnreadableLog';

  constructor(message: string) {
    super('EVENT_LOG.UNREADABLE', message);
  }
}

/** More is waiting to be appended than memory allows; nothing of this request was written. Retry later. */
export class LogOverloaded extends TemasError {
  override readonly name = 'LogOverloaded';

  constructor(waitingBytes: number) {
    super('EVENT_LOG.OVERLOADED', `${waitingBytes} bytes are already waiting to be appended`);
  }
}

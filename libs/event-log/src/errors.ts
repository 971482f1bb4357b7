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

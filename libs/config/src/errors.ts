import { TemasError } from '#kernel';

/** The configuration cannot be read or changed now; a change under way may still have been made. Ask again. */
export class ConfigUnavailable extends TemasError {
  override readonly name = 'ConfigUnavailable';

  constructor(message: string, options?: ErrorOptions) {
    super('CONFIG.UNAVAILABLE', message, options);
  }
}

/** The log holds configuration that this version does not understand: a newer version wrote it. */
export class UnreadableConfig extends TemasError {
  override readonly name = 'UnreadableConfig';

  constructor(message: string, options?: ErrorOptions) {
    super('CONFIG.UNREADABLE', message, options);
  }
}

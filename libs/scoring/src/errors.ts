import { TemasError } from '#kernel';

/** The thread of a fit ended without an answer: out of memory, or a bug. The fit has failed. */
export class FitThreadEnded extends TemasError {
  override readonly name = 'FitThreadEnded';

  constructor(message: string, options?: ErrorOptions) {
    super('SCORING.THREAD_ENDED', message, options);
  }
}

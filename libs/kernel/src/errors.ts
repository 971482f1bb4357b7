/**
 * Base of every exception that Temas throws on purpose: infrastructure that fails, or a broken invariant.
 * Expected outcomes (a bad item, a conflict) are union results, never exceptions.
 */
export class TemasError extends Error {
  override readonly name: string = 'TemasError';

  constructor(
    /** Stable code, `LIB.WHAT`, for logs, metrics and callers that branch. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

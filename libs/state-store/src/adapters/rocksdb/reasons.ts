import { messageOf } from '#kernel';

/**
 * Messages of an error and of the causes below it. The binding wraps what went wrong: "Batch was not applied" and
 * "Cannot load addon" on top, the full disk or the missing library only underneath.
 */
export function reasonsOf(error: unknown): string {
  const message = messageOf(error);
  const below = error instanceof Error ? error.cause : undefined;
  return below === undefined ? message : `${message}: ${reasonsOf(below)}`;
}

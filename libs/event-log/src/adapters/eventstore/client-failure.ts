import { ErrorType } from '@eventstore/db-client';
import { AppendTooLarge, InvalidAppend, LogAccessDenied, LogUnavailable } from '../../errors.ts';
import { messageOf, TemasError } from '#kernel';

/** What an error of the client means for the call that met it. */
export type Failure =
  /** The stream stands at another revision (`undefined`: no such stream). */
  | { readonly kind: 'conflict'; readonly actual: bigint | undefined }
  /** There is no such stream. */
  | { readonly kind: 'absent' }
  /** The server will not do it, now or later; nothing was written. */
  | { readonly kind: 'refused'; readonly error: TemasError }
  /** No answer, or none that says what came of it. */
  | { readonly kind: 'unknown'; readonly error: LogUnavailable };

/**
 * Reads an error of the client, by its `type` because some errors of a broken connection are plain ones without any.
 * What is not known to be a refusal leaves the outcome unknown.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof LogUnavailable) return { kind: 'unknown', error };
  if (error instanceof TemasError) return { kind: 'refused', error };
  switch (typeOf(error)) {
    case ErrorType.WRONG_EXPECTED_VERSION:
      return { kind: 'conflict', actual: actualOf(error) };
    case ErrorType.STREAM_NOT_FOUND:
      return { kind: 'absent' };
    case ErrorType.ACCESS_DENIED:
      return { kind: 'refused', error: new LogAccessDenied({ cause: error }) };
    case ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED:
      return { kind: 'refused', error: new AppendTooLarge('the server takes less in one append') };
    case ErrorType.STREAM_DELETED:
      return { kind: 'refused', error: new InvalidAppend('the stream was deleted in the engine') };
    default:
      return { kind: 'unknown', error: unavailable(error) };
  }
}

/** True for the error by which a follower names its leader: the client goes there by itself with the next call. */
export function isNotLeader(error: LogUnavailable): boolean {
  return typeOf(error.cause) === ErrorType.NOT_LEADER;
}

function unavailable(error: unknown): LogUnavailable {
  return new LogUnavailable(`EventStoreDB does not answer: ${messageOf(error)}`, { cause: error });
}

function typeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? (error as { type?: unknown }).type : undefined;
}

function actualOf(error: unknown): bigint | undefined {
  const { actualVersion } = error as { actualVersion?: unknown };
  return typeof actualVersion === 'bigint' ? actualVersion : undefined;
}

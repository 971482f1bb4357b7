import { ClickHouseError } from '@clickhouse/client';
import { messageOf, TemasError } from '#kernel';
import { WarehouseRejected, WarehouseUnavailable } from '../../errors.ts';

/** Errors that pass: time out (159), too many statements (202), memory (241), too many parts (252). */
const PASSING = new Set([159, 202, 241, 252]);

/** What the client says, without an error code, of an answer that did not come. */
const LOST = /timeout error|socket hang up|aborted|closed/i;

/** A client's error in this lib's terms. What is neither the engine's nor the connection's stays as it is: a bug. */
export function toWarehouseError(error: unknown): unknown {
  if (error instanceof ClickHouseError) {
    const number = Number(error.code);
    return PASSING.has(number)
      ? new WarehouseUnavailable(error.message, { cause: error })
      : new WarehouseRejected(number, error.type ?? '', error.message, { cause: error });
  }
  const lost = codeOf(error) !== undefined || LOST.test(messageOf(error));
  return lost && !(error instanceof TemasError)
    ? new WarehouseUnavailable(messageOf(error), { cause: error })
    : error;
}

/** True if nobody listened where the request was sent. */
export function wasRefused(error: unknown): boolean {
  return codeOf(error) === 'ECONNREFUSED';
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

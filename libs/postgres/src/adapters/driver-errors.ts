import pg from 'pg';
import { PostgresUnavailable } from '../errors.ts';

/** SQLSTATEs of a server that ends, starts, is full, or broke off what took too long. */
const UNAVAILABLE = new Set(['57P01', '57P02', '57P03', '53300', '57014', '55P03', '25P03', '57P05']);

/** SQLSTATEs of transactions that two of them made impossible together; one alone would have passed. */
const CONTENDED = new Set(['40001', '40P01']);

/** Sockets that never reached a server, or lost it. */
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

// The driver gives these no code.
const LOST = /terminated|timeout|not queryable|ended|closed the connection/i;

/** What the driver threw, as `PostgresUnavailable` where it is a matter of reaching the server. */
export function translated(error: unknown): unknown {
  return isUnavailable(error) ? new PostgresUnavailable((error as Error).message, { cause: error }) : error;
}

/** True if the transaction may succeed when it is simply tried again. */
export function isContended(error: unknown): boolean {
  return error instanceof pg.DatabaseError && CONTENDED.has(error.code ?? '');
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    return UNAVAILABLE.has(error.code ?? '') || error.code?.startsWith('08') === true;
  }
  if (typeof error !== 'object' || error === null || error instanceof TypeError) return false;
  const { code, message = '' } = error as { readonly code?: string; readonly message?: string };
  return code === undefined ? LOST.test(message) : SOCKET.has(code);
}

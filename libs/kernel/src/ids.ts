/** A type that is its base type at run time and a name of its own for the compiler. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/**
 * Place of an event in the whole log: an unsigned 64-bit number, strictly increasing. `bigint` in code, a
 * decimal string in JSON, `UInt64` in ClickHouse. `0n` lies before the first event.
 */
export type Position = Brand<bigint, 'Position'>;

/**
 * Stand-in for one identifier (workspace, namespace, canonical value): a random 63-bit number minted by the key
 * store, written as a decimal string. Says nothing of the value and cannot be computed from it.
 */
export type Ref = Brand<string, 'Ref'>;

/** Id of a touchpoint: a lower-case UUID derived from workspace, source and messageId by a keyed hash. */
export type EventId = Brand<string, 'EventId'>;

/** Id of a person: UUIDv5 of the workspace and the founding ref, lower case. */
export type ProfileId = Brand<string, 'ProfileId'>;

/** A tenant's name, `[a-z0-9_]{1,32}`. */
export type Workspace = Brand<string, 'Workspace'>;

/** A source's name inside its workspace, `[a-z0-9_]{1,32}`. */
export type SourceName = Brand<string, 'SourceName'>;

/** Whether callers of a source speak for themselves (`client`: browsers, apps) or for the company (`server`). */
export type Trust = 'client' | 'server';

/** The profile of events that belong to nobody: blocked, invalid or contradictory identifiers (design §5). */
export const NIL_PROFILE = '00000000-0000-0000-0000-000000000000' as ProfileId;

/** The position before the first event. */
export const ORIGIN = 0n as Position;

const NAME = /^[a-z0-9_]{1,32}$/;

/** True if `text` can name a workspace or a source. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

const MAX_POSITION = (1n << 64n) - 1n;

/** Reads a position from its decimal form; `undefined` if it is not an unsigned 64-bit number. */
export function parsePosition(text: string): Position | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= MAX_POSITION ? (value as Position) : undefined;
}

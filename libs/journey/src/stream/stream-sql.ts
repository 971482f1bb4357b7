import type { Bindings } from '../query/statement.ts';
import type { TouchpointKind } from '#touchpoint';
import type { Scope, Unit } from './scope.ts';

const NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')";

/** Where the events of a question come from. */
export interface StreamSql {
  /** Relation of the FROM clause. */
  readonly from: string;
  /** Expression of the history that an event belongs to. */
  readonly key: string;
  /** Conditions of the WHERE clause, never empty. */
  readonly where: readonly string[];
}

/** Milliseconds since 1970 of an event. */
export const MILLISECONDS = 'toUnixTimestamp64Milli(occurred_at)';

/**
 * Where an event stands in time, one number of its milliseconds and its position: the engine finds the least of numbers
 * several times faster than that of pairs.
 */
export const MOMENT = `bitOr(bitShiftLeft(toInt128(${MILLISECONDS}), 64), toInt128(position))`;

/** Milliseconds of a `MOMENT`. */
export function timeOf(moment: string): string {
  return `toInt64(bitShiftRight(${moment}, 64))`;
}

/** Position of a `MOMENT`. */
export function positionOf(moment: string): string {
  return `toUInt64(bitAnd(${moment}, toInt128(18446744073709551615)))`;
}

/**
 * The events of a scope, each with the history it belongs to. Events of nobody are in none; a person of several
 * accounts is in the history of each, except with events that name their account in `context.groupId`.
 */
export function streamSql(
  bindings: Bindings,
  { database, from, to, includeBots }: Scope,
  unit: Unit,
  kinds: readonly TouchpointKind[],
): StreamSql {
  const where = [
    `kind IN ${bindings.bind('Array(String)', kinds)}`,
    ...(includeBots ? [] : ['is_bot = 0']),
    ...(from === undefined
      ? []
      : [`occurred_at >= fromUnixTimestamp64Milli(${bindings.bind('Int64', from)}, 'UTC')`]),
    ...(to === undefined
      ? []
      : [`occurred_at < fromUnixTimestamp64Milli(${bindings.bind('Int64', to)}, 'UTC')`]),
  ];
  switch (unit) {
    case 'person':
      return { from: `${database}.events`, key: 'profile_id', where: [...where, `profile_id != ${NOBODY}`] };
    case 'session':
      return { from: `${database}.events`, key: 'session_id', where: [...where, `session_id != ${NOBODY}`] };
    case 'account':
      return {
        from: [
          `(SELECT e.*, m.account_id AS account_id FROM ${database}.events AS e`,
          `INNER JOIN (SELECT DISTINCT account_id, profile_id FROM ${database}.account_members`,
          `WHERE profile_id != ${NOBODY}) AS m ON m.profile_id = e.profile_id)`,
        ].join(' '),
        key: 'account_id',
        where: [...where, "JSONExtractString(context, 'groupId') IN ('', account_id)"],
      };
  }
}

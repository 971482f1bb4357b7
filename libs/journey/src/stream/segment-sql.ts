import { IS_PURCHASE } from '#warehouse';
import { NEVER_BOUGHT, type Segment } from './segment.ts';
import type { Unit } from './scope.ts';

/** Histories or starts of a question whose group is still to be looked up. */
interface Ungrouped {
  /** A SELECT that has the columns, `person` (UUID) and `moment` (Int64, ms since 1970). */
  readonly rows: string;
  /** Columns that the rows keep. */
  readonly columns: readonly string[];
}

/** SQL of what an event tells of its segment: whose it is, where its history does not say that already. */
export function personToldSql(unit: Unit): string {
  return unit === 'person' ? "''" : 'toString(profile_id)';
}

/** SQL of the person whose segment is asked for, from a history's key and what {@link personToldSql} told. */
export function personSql(unit: Unit, key: string, told: string): string {
  return unit === 'person' ? key : `toUUIDOrZero(${told})`;
}

/**
 * SQL of rows with `told`, the group that their person was in at their moment. Looked up for starts and not for
 * events, so a funnel pays for it once a history; the stages of all buyers are in memory meanwhile.
 */
export function segmentedSql(database: string, segment: Segment, { rows, columns }: Ungrouped): string {
  const kept = columns.map((name) => `r.${name} AS ${name}`).join(', ');
  switch (segment) {
    case 'lifecycle':
      return [
        `SELECT ${kept}, concat('=', if(s.stage = '', '${NEVER_BOUGHT}', s.stage)) AS told`,
        `FROM (${rows}) AS r ASOF LEFT JOIN (${stagesSql(database)}) AS s`,
        'ON r.person = s.buyer AND r.moment >= s.began',
      ].join(' ');
  }
}

/**
 * `buyer`, `stage` and `began` (ms): the stages of `profile_lifecycle`. That view counts in days, so a stage which a
 * purchase begins has the beginning of its day there. Here it begins with the purchase: else whoever looks in the morning
 * and buys in the afternoon would have been a buyer when looking, and every such group would convert. Silence stays
 * counted in whole days, as there: one that ends on the very day it becomes too long begins no stage.
 */
function stagesSql(database: string): string {
  const bought = [
    'SELECT profile_id, toDate32(ordered_at) AS day, min(toUnixTimestamp64Milli(ordered_at)) AS first',
    `FROM ${database}.orders WHERE ${IS_PURCHASE} GROUP BY profile_id, day`,
  ].join(' ');
  return [
    'SELECT l.profile_id AS buyer, toString(l.stage) AS stage,',
    // The stages of silence have no purchase on their first day: 0.
    'greatest(toUnixTimestamp64Milli(l.entered_at), b.first) AS began',
    `FROM ${database}.profile_lifecycle AS l LEFT JOIN (${bought}) AS b`,
    'ON l.profile_id = b.profile_id AND toDate32(l.entered_at) = b.day',
  ].join(' ');
}

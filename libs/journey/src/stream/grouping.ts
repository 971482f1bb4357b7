import type { Bindings } from '../query/statement.ts';
import { fieldSql } from '../selector/field.ts';
import type { Unit } from './scope.ts';
import type { Segment } from './segment.ts';
import { personToldSql } from './segment-sql.ts';

/** By what a question's answer is split: a field of the event, or what the person's trait or segment was at that moment. */
export type Grouping =
  | { readonly by: 'field'; readonly field: string }
  /** The newest value that an `identify` told up to then, by event time. */
  | { readonly by: 'trait'; readonly trait: string }
  /** The group that the person of the event was in then. */
  | { readonly by: 'segment'; readonly segment: Segment };

/** How many groups an answer has unless told otherwise, and at most. */
export const DEFAULT_GROUPS = 25;

/** How many groups an answer may have. */
export const MAX_GROUPS = 500;

/**
 * SQL of what an event tells of its group: `=` and the text of a value, `-` where the trait was taken back, empty where
 * it tells nothing. Of a segment it tells whose event it is: `segmentedSql` makes the group of that.
 */
export function groupSql(bindings: Bindings, grouping: Grouping | undefined, unit: Unit): string {
  if (grouping === undefined) return "''";
  if (grouping.by === 'segment') return personToldSql(unit);
  if (grouping.by === 'field') {
    const { text, exists } = fieldSql(bindings, grouping.field);
    return `if(${exists}, concat('=', ${text}), '')`;
  }
  const { text, exists } = fieldSql(bindings, `traits.${grouping.trait}`);
  return `if(${tellsTraitSql(bindings, grouping.trait)}, if(${exists}, concat('=', ${text}), '-'), '')`;
}

/** SQL that is true for an event that tells the trait, also that it is no more. */
export function tellsTraitSql(bindings: Bindings, trait: string): string {
  const keys = trait.split('.').map((key) => bindings.bind('String', key));
  return `(kind = 'identify' AND JSONHas(traits, ${keys.join(', ')}))`;
}

/** The group that {@link groupSql} told; `null` for none. */
export function groupOf(told: string): string | null {
  return told.startsWith('=') ? told.slice(1) : null;
}

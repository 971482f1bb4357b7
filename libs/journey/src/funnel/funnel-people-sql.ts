import { Bindings, type Statement } from '../query/statement.ts';
import type { FunnelDefinition } from './funnel.ts';
import { attemptsSql } from './funnel-sql.ts';

/** What became of histories at a step. */
export const FUNNEL_OUTCOMES = ['reached', 'dropped'] as const;

/** Which histories of a funnel are listed, and from where on. */
export interface FunnelPeople {
  /** From 1. */
  readonly step: number;
  /** `reached`: came to the step or farther; `dropped`: came to it and no farther. */
  readonly outcome: (typeof FUNNEL_OUTCOMES)[number];
  /** Text of a group's value, `null` for those without one; absent: all groups. */
  readonly group?: string | null;
  readonly limit: number;
  /** The last history of the page before. */
  readonly after?: string;
}

/** A listed history. */
export interface FunnelPerson {
  /** Profile, session or account. */
  readonly id: string;
  /** Person of a session, or the person itself; of an account one of its people. */
  readonly profile: string;
  /** How many steps it came. */
  readonly depth: number;
  /** Ms since 1970 UTC of the first event, and of the last one that counted. */
  readonly started: string;
  readonly ended: string;
}

/** Histories by id, one more than a page holds if there is a next one. */
export function funnelPeopleSql(definition: FunnelDefinition, people: FunnelPeople): Statement {
  const bindings = new Bindings();
  const step = bindings.bind('UInt8', people.step);
  const conditions = [
    people.outcome === 'reached' ? `depth >= ${step}` : `depth = ${step}`,
    ...(people.group === undefined ? [] : [groupCondition(bindings, people.group)]),
    ...(people.after === undefined ? [] : [`toString(entity) > ${bindings.bind('String', people.after)}`]),
  ];
  return bindings.statement(
    [
      'SELECT toString(entity) AS id, toString(profile) AS profile, depth, at[1] AS started, arrayMax(at) AS ended',
      `FROM (${attemptsSql(bindings, definition)}) WHERE ${conditions.join(' AND ')}`,
      `ORDER BY id LIMIT ${bindings.bind('UInt32', people.limit + 1)}`,
    ].join(' '),
  );
}

function groupCondition(bindings: Bindings, group: string | null): string {
  return group === null ? "told = ''" : `told = ${bindings.bind('String', `=${group}`)}`;
}

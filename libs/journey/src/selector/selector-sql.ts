import type { Bindings } from '../query/statement.ts';
import { fieldSql } from './field.ts';
import type { Condition, Scalar, Selector } from './selector.ts';
import { ACTIONS } from './selector.ts';

/** SQL that is true for the events of a selector. */
export function selectorSql(bindings: Bindings, { events, kind, where }: Selector): string {
  const parts = [
    kind === undefined
      ? `kind IN ${bindings.bind('Array(String)', ACTIONS)}`
      : `kind = ${bindings.bind('String', kind)}`,
    ...(events.length === 0 ? [] : [`event IN ${bindings.bind('Array(String)', events)}`]),
    ...where.map((condition) => conditionSql(bindings, condition)),
  ];
  return `(${parts.join(' AND ')})`;
}

/** SQL that is true where a condition holds; never NULL. */
export function conditionSql(bindings: Bindings, { field, op, value }: Condition): string {
  const { text, exists } = fieldSql(bindings, field);
  const values = (Array.isArray(value) ? value : [value]) as Scalar[];
  const first = values[0] as Scalar;
  switch (op) {
    case 'exists':
      return `(${exists})`;
    case 'absent':
      return `NOT (${exists})`;
    case 'eq':
    case 'in':
      return isAnyOf(bindings, text, exists, values);
    case 'ne':
    case 'not_in':
      return `NOT ${isAnyOf(bindings, text, exists, values)}`;
    case 'contains':
    case 'not_contains': {
      const holds = `(positionCaseInsensitiveUTF8(${text}, ${bindings.bind('String', String(first))}) > 0)`;
      return op === 'contains' ? holds : `NOT ${holds}`;
    }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return `ifNull(${numberSql(text)} ${SIGNS[op]} ${bindings.bind('Float64', Number(first))}, 0)`;
  }
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function isAnyOf(bindings: Bindings, text: string, exists: string, values: readonly Scalar[]): string {
  const numbers = values.filter((value) => typeof value === 'number');
  const texts = values.filter((value) => typeof value !== 'number').map(String);
  const ways = [
    ...(texts.length === 0 ? [] : [`${text} IN ${bindings.bind('Array(String)', texts)}`]),
    ...(numbers.length === 0
      ? []
      : [`ifNull(${numberSql(text)} IN ${bindings.bind('Array(Float64)', numbers)}, 0)`]),
  ];
  return `(${exists} AND (${ways.join(' OR ')}))`;
}

/** A number that a text holds, else NULL: the engine would also read `inf` and `nan`. */
function numberSql(text: string): string {
  return `if(match(${text}, '^-?[0-9]'), toFloat64OrNull(${text}), NULL)`;
}

import type { Condition, Scalar, Selector } from '#journey';
import { problem } from '../access.ts';
import type { ConditionBody, SelectorBody } from './selector.dto.ts';

/** Longest list of values. */
const MAX_VALUES = 1_000;

/** Longest text of a value. */
const MAX_VALUE = 10_000;

/** Fields that cannot be taken, by JSON path; thrown together. */
export class Problems {
  readonly #found: { readonly field: string; readonly message: string }[] = [];

  /** Notes a field's problem. */
  add(field: string, message: string): void {
    this.#found.push({ field, message });
  }

  /** Throws 400 naming every field that was noted. */
  throwIfAny(): void {
    if (this.#found.length > 0)
      throw problem(400, 'the body has fields that cannot be taken', { errors: this.#found });
  }
}

/** A selector of a body; every event where it is absent. */
export function readSelector(body: SelectorBody | undefined, at: string, problems: Problems): Selector {
  const { event = [], kind, where = [] } = body ?? {};
  return {
    events: event,
    ...(kind === undefined ? {} : { kind }),
    where: where.map((condition, i) => readCondition(condition, `${at}.where[${i}]`, problems)),
  };
}

function readCondition({ field, op, value }: ConditionBody, at: string, problems: Problems): Condition {
  const refuse = (message: string): Condition => {
    problems.add(`${at}.value`, message);
    return { field, op };
  };
  switch (op) {
    case 'exists':
    case 'absent':
      return value === undefined ? { field, op } : refuse(`has no meaning for ${op}`);
    case 'in':
    case 'not_in':
      if (!Array.isArray(value) || value.length === 0 || value.length > MAX_VALUES || !value.every(isScalar))
        return refuse(`must be a list of 1 to ${MAX_VALUES} texts, numbers or booleans`);
      return { field, op, value };
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return typeof value === 'number' && Number.isFinite(value)
        ? { field, op, value }
        : refuse('must be a number');
    case 'eq':
    case 'ne':
    case 'contains':
    case 'not_contains':
      return isScalar(value) ? { field, op, value } : refuse('must be a text, a number or a boolean');
  }
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'string') return value.length <= MAX_VALUE;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

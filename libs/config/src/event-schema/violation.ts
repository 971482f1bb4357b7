import type { ErrorObject } from 'ajv';

/** One way in which an event breaks its schema. Holds what the schema says, nothing that the event brought. */
export interface Violation {
  /** Dotted path inside `properties` or `traits`; `*` stands for a name that the schema does not know. */
  readonly path: string;
  /** The keyword of JSON Schema that is broken: `required`, `type`, … */
  readonly keyword: string;
  readonly message: string;
}

/** Violations reported of one event. */
export const MAX_VIOLATIONS = 10;

/** Longest message: `pattern` and `const` quote the schema. */
const MAX_MESSAGE = 200;

/** What the validator found, without names and values of the event. `names` are the schema's own properties. */
export function toViolation(
  { instancePath, keyword, message, params }: ErrorObject,
  data: unknown,
  names: ReadonlySet<string>,
): Violation {
  const path = pathOf(instancePath, data, names);
  const missing = keyword === 'required' ? [(params as { missingProperty: string }).missingProperty] : [];
  return {
    path: [...path, ...missing].join('.'),
    keyword,
    message: (message ?? keyword).slice(0, MAX_MESSAGE),
  };
}

/** A JSON pointer as names. An index stays; a key stays if the schema names it: else it is the event's own. */
function pathOf(pointer: string, data: unknown, names: ReadonlySet<string>): string[] {
  let holder = data;
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => {
      const key = segment.replaceAll('~1', '/').replaceAll('~0', '~');
      const shown = Array.isArray(holder) || names.has(key) ? key : '*';
      holder = (holder as Record<string, unknown> | null | undefined)?.[key];
      return shown;
    });
}

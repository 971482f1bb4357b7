import type { ValidateFunction } from 'ajv';
import type { JsonSchema } from './event-schema.ts';
import { compile } from './compile.ts';
import { propertyNames } from './schema-walk.ts';
import { MAX_VIOLATIONS, toViolation } from './violation.ts';
import type { Violation } from './violation.ts';
import { workOf } from './work.ts';

/** Parts of the schema times values of the event beyond which only its first violation is looked for. */
const MAX_LOOKED_FOR = 200_000;

const NONE: readonly Violation[] = [];

const UNCHECKABLE: Violation = {
  path: '',
  keyword: 'schema',
  message: 'the schema could not be applied to this event',
};

/** A schema, ready to check events. */
export class Checker {
  readonly #first: ValidateFunction;
  /** Made for the first event that breaks the schema. */
  #thorough: Thorough | undefined;

  /** Throws if the definition is no JSON Schema. */
  constructor(private readonly definition: JsonSchema) {
    this.#first = compile(definition, { all: false });
  }

  /** Where the data breaks the schema; empty if nowhere. */
  check(data: unknown): readonly Violation[] {
    try {
      if (this.#first(data)) return NONE;
      const { all, names, maxNodes } = (this.#thorough ??= this.#makeThorough());
      const small = countNodes(data, maxNodes) < maxNodes;
      const errors = small && !all(data) ? all.errors : this.#first.errors;
      return (errors ?? []).slice(0, MAX_VIOLATIONS).map((error) => toViolation(error, data, names));
    } catch {
      return [UNCHECKABLE];
    }
  }

  #makeThorough(): Thorough {
    const work = workOf(this.definition);
    return {
      all: compile(this.definition, { all: true }),
      names: propertyNames(this.definition),
      maxNodes: work === 'recursive' ? 0 : MAX_LOOKED_FOR / work,
    };
  }
}

interface Thorough {
  readonly all: ValidateFunction;
  readonly names: ReadonlySet<string>;
  /** Size of an event from which on all of its violations could be too many to hold. */
  readonly maxNodes: number;
}

const checkers = new WeakMap<JsonSchema, Checker>();

/**
 * The checker of a definition, compiled when its first event comes and kept as long as the definition: a thousand
 * schemas would hold up every start.
 */
export function checkerOf(definition: JsonSchema): Checker {
  let checker = checkers.get(definition);
  if (checker === undefined) checkers.set(definition, (checker = new Checker(definition)));
  return checker;
}

/** Values inside of a value, counted up to `limit`. */
function countNodes(value: unknown, limit: number): number {
  let count = 1;
  if (typeof value !== 'object' || value === null) return count;
  for (const child of Object.values(value)) {
    if (count >= limit) break;
    count += countNodes(child, limit - count);
  }
  return count;
}

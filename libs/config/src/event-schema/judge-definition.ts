import { messageOf, toJsonBytes } from '#kernel';
import type { FieldProblem } from '../problem.ts';
import { assertSchema, compile } from './compile.ts';
import { draftOf } from './draft.ts';
import type { JsonSchema } from './event-schema.ts';
import { LinearPattern } from './pattern/linear-pattern.ts';
import { appliedIn, patternsIn, resolveLocal, shelvedIn } from './schema-walk.ts';
import type { Subschema } from './schema-walk.ts';
import { MAX_WORK, workOf } from './work.ts';

/** Largest definition, in UTF-8 bytes of its JSON. */
export const MAX_DEFINITION_BYTES = 64 * 1024;

/** Deepest nesting of a definition. */
export const MAX_DEFINITION_DEPTH = 64;

const MAX_PROBLEMS = 20;

/** Keywords that lead outside of the definition, or to a place that only running it shows. */
const NOT_TAKEN = [
  '$anchor',
  '$dynamicAnchor',
  '$dynamicRef',
  '$recursiveAnchor',
  '$recursiveRef',
  '$async',
  '$vocabulary',
];

/** A definition that cannot be taken. */
export interface InvalidDefinition {
  readonly outcome: 'invalid';
  readonly problems: readonly FieldProblem[];
}

/** Whether events can be held to a definition. */
export type Judgement = { readonly outcome: 'valid'; readonly bytes: number } | InvalidDefinition;

/**
 * Judges a JSON Schema (2020-12 or draft-07) that an operator gives: whether it is one, and whether no event can
 * make it expensive. Whoever may set schemas must not be able to stop the collector with one.
 */
export function judgeDefinition(definition: JsonSchema): Judgement {
  const outside = judgeOutside(definition);
  if (outside !== undefined) return invalid([outside]);
  const problems = judgeParts(definition);
  if (problems.length > 0) return invalid(problems.slice(0, MAX_PROBLEMS));
  try {
    const work = workOf(definition);
    if (work === 'recursive') {
      const message = 'a $ref leads back to itself; write out the levels that events have';
      return invalid([{ field: 'schema', message }]);
    }
    if (work > MAX_WORK) {
      const message = `the schema has more than ${MAX_WORK} parts with every $ref and pattern written out`;
      return invalid([{ field: 'schema', message, limit: MAX_WORK }]);
    }
    assertSchema(definition);
    compile(definition, { all: false });
  } catch (error) {
    return invalid([{ field: 'schema', message: messageOf(error).slice(0, 300) }]);
  }
  return { outcome: 'valid', bytes: toJsonBytes(definition).length };
}

function invalid(problems: readonly FieldProblem[]): InvalidDefinition {
  return { outcome: 'invalid', problems };
}

function judgeOutside(definition: JsonSchema): FieldProblem | undefined {
  const limit = MAX_DEFINITION_DEPTH;
  if (!isShallow(definition, limit)) {
    return { field: 'schema', message: `the schema is nested deeper than ${limit} levels`, limit };
  }
  const bytes = toJsonBytes(definition).length;
  if (bytes > MAX_DEFINITION_BYTES) {
    const message = `the schema has ${bytes} bytes of JSON, more than ${MAX_DEFINITION_BYTES}`;
    return { field: 'schema', message, limit: MAX_DEFINITION_BYTES };
  }
  if (draftOf(definition) === undefined) {
    const message =
      'must be https://json-schema.org/draft/2020-12/schema or http://json-schema.org/draft-07/schema#';
    return { field: 'schema.$schema', message };
  }
  return undefined;
}

function judgeParts(definition: JsonSchema): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const open: Subschema[] = [{ path: [], node: definition }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const { path, node } = part;
    const tell = (key: string, message: string): void => {
      problems.push({ field: ['schema', ...path, key].join('.'), message });
    };
    for (const key of NOT_TAKEN) if (key in node) tell(key, 'is not taken; use $ref with a JSON pointer');
    if (path.length > 0 && '$id' in node) tell('$id', 'is taken at the top of a schema only');
    judgeRef(definition, node, tell);
    judgePatterns(node, tell);
    open.push(...appliedIn(part), ...shelvedIn(part));
  }
  return problems;
}

type Tell = (key: string, message: string) => void;

function judgeRef(definition: JsonSchema, { $ref }: JsonSchema, tell: Tell): void {
  if ($ref === undefined) return;
  if (typeof $ref !== 'string' || !$ref.startsWith('#')) {
    tell('$ref', 'must lead to a place in the same schema, like #/$defs/price: nothing is fetched');
  } else if (resolveLocal(definition, $ref) === undefined) {
    tell('$ref', 'leads to no schema; it must be a JSON pointer, like #/$defs/price');
  }
}

function judgePatterns(node: JsonSchema, tell: Tell): void {
  for (const { key, pattern } of patternsIn(node)) {
    try {
      new LinearPattern(pattern);
    } catch (error) {
      tell(key, `the pattern ${messageOf(error)}`);
    }
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1));
}

import type { JsonSchema } from './event-schema.ts';
import { LinearPattern } from './pattern/linear-pattern.ts';
import { appliedIn, patternsIn, resolveLocal } from './schema-walk.ts';
import type { Subschema } from './schema-walk.ts';

/**
 * Parts that a schema may have with every `$ref` written out. Bounds what one event can cost, and compiling: 0.2 to
 * 0.4 ms a part, in one go.
 */
export const MAX_WORK = 1_000;

/** Members of an `enum` that cost about as much as one part. */
const MEMBERS_PER_PART = 10;

/** States of a pattern that cost about as much as one part: all of them may be walked for each character. */
const STATES_PER_PART = 2;

/**
 * Parts of a schema with every `$ref` written out: a few lines of references can stand for 2^100 of them. Answers
 * `recursive` if a reference leads back to itself: then the event decides how many there are. Throws
 * `PatternRefused`.
 */
export function workOf(definition: JsonSchema): number | 'recursive' {
  const known = new Map<JsonSchema, number>();
  const entered = new Set<JsonSchema>();
  const measure = (part: Subschema): number => {
    const before = known.get(part.node);
    if (before !== undefined) return before;
    if (entered.has(part.node)) return NaN;
    entered.add(part.node);
    const { $ref, enum: members } = part.node;
    const target = typeof $ref === 'string' ? resolveLocal(definition, $ref) : undefined;
    let work = 1 + (Array.isArray(members) ? members.length / MEMBERS_PER_PART : 0);
    for (const { pattern } of patternsIn(part.node))
      work += new LinearPattern(pattern).states / STATES_PER_PART;
    for (const child of target === undefined ? appliedIn(part) : [...appliedIn(part), target]) {
      work += measure(child);
    }
    entered.delete(part.node);
    known.set(part.node, work);
    return work;
  };
  const work = measure({ path: [], node: definition });
  return Number.isNaN(work) ? 'recursive' : Math.ceil(work);
}

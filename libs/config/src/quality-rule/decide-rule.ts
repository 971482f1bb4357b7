import type { Authorship } from '../config-event.ts';
import type { ConfigState } from '../config-state.ts';
import type { Decided, TooMany, UnknownSource } from '../decided.ts';
import { MAX_QUALITY_RULES, type QualityRule } from './quality-rule.ts';

/** There is no rule of this name. */
export interface UnknownRule {
  readonly outcome: 'unknown_rule';
}

/** A rule, in place of the one that may have had its name. */
export function decideSetRule(
  { sources, qualityRules }: ConfigState,
  { name, source, condition }: Omit<QualityRule, 'setAt'>,
  by: Authorship,
): Decided<UnknownSource | TooMany> {
  if (source !== null && !sources.has(source)) return { refused: { outcome: 'unknown_source' } };
  if (!qualityRules.has(name) && qualityRules.size >= MAX_QUALITY_RULES) {
    return { refused: { outcome: 'too_many', limit: MAX_QUALITY_RULES, unit: 'quality rules' } };
  }
  return { events: [{ type: 'QualityRuleSet', name, source, condition, ...by }] };
}

/** No rule of this name any more. */
export function decideRemoveRule(
  { qualityRules }: ConfigState,
  name: string,
  by: Authorship,
): Decided<UnknownRule> {
  if (!qualityRules.has(name)) return { refused: { outcome: 'unknown_rule' } };
  return { events: [{ type: 'QualityRuleRemoved', name, ...by }] };
}

import type { IdentityRulesPublished } from '../config-event.ts';
import type { RuleVersions } from './identity-rules.ts';

/** The versions after an event. */
export function foldRules(versions: RuleVersions, event: IdentityRulesPublished): RuleVersions {
  const { version, changes, reason, actor, at } = event;
  return [...versions, { version, changes, reason, actor, at }];
}

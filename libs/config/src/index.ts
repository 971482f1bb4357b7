export type { ChannelRules } from './channel-rules/channel-rules.ts';
export * from './config-desk.ts';
export * from './config-event.ts';
export * from './config-follower.ts';
export * from './config-state.ts';
export type { AlreadyDecided } from './correction/decide-verdict.ts';
export * from './correction/verdict.ts';
export * from './decided.ts';
export * from './errors.ts';
export * from './event-schema/check-event.ts';
export * from './event-schema/decide-schema.ts';
export * from './event-schema/event-schema.ts';
export {
  judgeDefinition,
  MAX_DEFINITION_BYTES,
  type InvalidDefinition,
  type Judgement,
} from './event-schema/judge-definition.ts';
export { MAX_VIOLATIONS, type Violation } from './event-schema/violation.ts';
export type { FitEnd, FitHasEnded, UnknownFit, UnknownSchedule } from './fit/decide-fit.ts';
export * from './fit/fit.ts';
export * from './fit/fit-desk.ts';
export type { UnknownCommand } from './identity-command/decide-command.ts';
export * from './identity-command/identity-command.ts';
export type { NewRules, StaleRules } from './identity-rules/decide-rules.ts';
export * from './identity-rules/identity-rules.ts';
export * from './national-ids/national-ids.ts';
export * from './problem.ts';
export * from './quality-desk.ts';
export type { UnknownRule } from './quality-rule/decide-rule.ts';
export * from './quality-rule/quality-rule.ts';
export * from './report/decide-report.ts';
export * from './report/report.ts';
export * from './source/bootstrap.ts';
export {
  MAX_KEYS_IN_FORCE,
  MAX_OVERLAP_SECONDS,
  MAX_SOURCES,
  type Exists,
  type UnknownKey,
} from './source/decide-source.ts';
export { markOf } from './source/mint-key.ts';
export * from './source/parse-settings.ts';
export * from './source/rate-limiter.ts';
export * from './source/source.ts';
export { webhookSecret } from './source/webhook-secret.ts';

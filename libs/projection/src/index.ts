export { FOLD_VERSION } from './fold-block.ts';
export * from './folded-block.ts';
export * from './monitor.ts';
export * from './opened.ts';
export * from './pipeline.ts';
export type { PlanOutcome, PlanProgress, RulesOnTrial } from './plan/plan-rules.ts';
export * from './progress.ts';
export { PROFILE_CHECKPOINT } from './runner.ts';
export * from './sink.ts';

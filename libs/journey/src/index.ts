export { paramText, type ParamValue, type Statement } from './query/statement.ts';
export * from './selector/selector.ts';
export { COLUMNS, FIELD_RULE, parseField } from './selector/field.ts';
export * from './stream/scope.ts';
export { DEFAULT_GROUPS, MAX_GROUPS, type Grouping } from './stream/grouping.ts';
export * from './funnel/funnel.ts';
export { funnelSql } from './funnel/funnel-sql.ts';
export * from './funnel/funnel-people-sql.ts';
export * from './funnel/funnel-result.ts';

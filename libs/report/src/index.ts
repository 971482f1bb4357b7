export * from './clv/clv-page.ts';
export type * from './clv/clv-report.ts';

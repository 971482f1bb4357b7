export { ArrivalTally, type ArrivalCount } from './arrival-tally.ts';
export * from './errors.ts';
export { judgeRule, type Alert, type SourceFacts } from './judge-rule.ts';
export { qualityPage, type QualityReport } from './page/quality-page.ts';
export type { PageLanguage } from './page/words.ts';
export { COUNTS, figuresOf, type CountName, type QualityDay, type QualityFigures } from './quality-day.ts';
export { QUALITY_STREAMS, readTally } from './tally-event.ts';
export { TallyWriter } from './tally-writer.ts';

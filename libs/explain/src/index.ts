export * from './when/as-of-reader.ts';
export * from './when/moment.ts';
export { type Held } from './when/refold.ts';
export * from './why/decision-history.ts';
export * from './why/explanation-reader.ts';
export { pictureOf } from './why/picture/picture.ts';
export { sentencesOf } from './why/sentences.ts';
export * from './why/told.types.ts';
export type { LanguageCode } from './why/words/words.ts';

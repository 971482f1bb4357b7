/** A draft of JSON Schema that is understood. */
export type Draft = '2020-12' | '07';

/** Addresses by which a schema says its draft. */
const DRAFTS: ReadonlyMap<string, Draft> = new Map([
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['http://json-schema.org/draft-07/schema', '07'],
  ['https://json-schema.org/draft-07/schema', '07'],
]);

/** Draft of a definition by its `$schema`, the newest if it says none; `undefined` for one that is not understood. */
export function draftOf({ $schema }: { readonly $schema?: unknown }): Draft | undefined {
  if ($schema === undefined) return '2020-12';
  return typeof $schema === 'string' ? DRAFTS.get($schema.replace(/#$/, '')) : undefined;
}

import type { ConfigEvent } from './config-event.ts';

/** What a command makes of the present configuration: events, none if all is as asked, or why it is refused. */
export type Decided<Refusal extends { readonly outcome: string }> =
  { readonly events: readonly ConfigEvent[] } | { readonly refused: Refusal };

/** There is no such source in the workspace. */
export interface UnknownSource {
  readonly outcome: 'unknown_source';
}

/** There would be more than is good for the memory of every process. */
export interface TooMany {
  readonly outcome: 'too_many';
  readonly limit: number;
  readonly unit:
    'sources' | 'keys' | 'schemas' | 'bytes' | 'fits' | 'schedules' | 'reports' | 'quality rules';
}

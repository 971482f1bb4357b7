import { compareText, isoTime, type EventId, type Ref, type SourceName } from '#kernel';
import type { ChoiceRow } from './consent-rows.ts';

/** What a person agrees to or refuses now, for one purpose. */
export interface Consent {
  readonly purpose: string;
  readonly granted: boolean;
  /** Event time of the choice that decides, ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly source: SourceName;
  readonly eventId: EventId;
  /** Identifier under which it was chosen. */
  readonly anchor: Ref;
}

/**
 * What the identifiers of a person say together, by purpose in the order of their names. A refusal under any of them
 * stands until it is taken back under that one: merging two profiles never makes a permission of a refusal.
 */
export function joinConsents(rows: ReadonlyMap<Ref, ChoiceRow>): Consent[] {
  const joined = new Map<string, Consent>();
  for (const [anchor, { choices }] of [...rows].sort(([a], [b]) => compareText(a, b))) {
    for (const [purpose, { granted, at, source, eventId }] of Object.entries(choices)) {
      const own: Consent = { purpose, granted, at: isoTime(at), source, eventId, anchor };
      const held = joined.get(purpose);
      if (held === undefined || decides(own, held)) joined.set(purpose, own);
    }
  }
  return [...joined.values()].sort((a, b) => compareText(a.purpose, b.purpose));
}

/** True if a choice goes before another: refusals first, then the newest. */
function decides(a: Consent, b: Consent): boolean {
  return a.granted === b.granted ? a.at > b.at : !a.granted;
}

import { compareText, type EventId, type SourceName, type Workspace } from '#kernel';
import { jsonCollection } from '#state-store';

/** The newest choice about one purpose. */
export interface Choice {
  readonly granted: boolean;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  readonly index: number;
  readonly source: SourceName;
  readonly eventId: EventId;
}

/** Row of `c.choice`: what was chosen under one identifier. A merge or a split never changes it. */
export interface ChoiceRow {
  readonly workspace: Workspace;
  /** By purpose. Names come from outside: look up with `Object.hasOwn`. */
  readonly choices: Readonly<Record<string, Choice>>;
}

/** Choices by identifier; key: its ref. */
export const CHOICES = jsonCollection<ChoiceRow>('c.choice');

/** The later of two choices; of two at once the refusal, so that a doubt never permits. Order does not matter. */
export function later(a: Choice | undefined, b: Choice): Choice {
  if (a === undefined) return b;
  const order =
    a.at - b.at ||
    a.index - b.index ||
    Number(b.granted) - Number(a.granted) ||
    compareText(a.eventId, b.eventId);
  return order < 0 ? b : a;
}

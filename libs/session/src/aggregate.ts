import type { SessionInput } from './session-input.ts';

/**
 * What one event said, and its place: by time (ms since 1970 UTC), then index in its batch, then position in the log
 * (decimal). A tuple, because four of them are most of a session's row.
 */
export type Word = readonly [value: string, at: number, index: number, position: string];

/** Everything a session's events say of it. `null` where none has said anything. */
export interface Aggregate {
  /** Source of the first event; its time is the session's start. */
  readonly source: Word;
  /** Latest event time, ms since 1970 UTC. */
  readonly last: number;
  readonly events: number;
  readonly entry: Word | null;
  readonly exit: Word | null;
  readonly campaign: Word | null;
  /** Ref of the best anchor. */
  readonly anchor: Word;
  /** Priority of that anchor's namespace; 1 is the best. */
  readonly priority: number;
}

/** The aggregate of a single event. */
export function aggregateOf(input: SessionInput): Aggregate {
  const { at, index, path, campaign, source, anchor, priority } = input;
  const position = input.position.toString();
  const say = (value: string): Word => [value, at, index, position];
  const page = path === '' ? null : say(path);
  return {
    source: say(source),
    last: at,
    events: 1,
    entry: page,
    exit: page,
    campaign: campaign === '' ? null : say(campaign),
    anchor: say(anchor),
    priority,
  };
}

/**
 * The aggregate of two disjoint sets of events. Commutative and associative, so neither the order of arrival nor
 * the way in which a session grew together can be seen in it.
 */
export function joinAggregates(a: Aggregate, b: Aggregate): Aggregate {
  return {
    source: earlier(a.source, b.source),
    last: Math.max(a.last, b.last),
    events: a.events + b.events,
    entry: ofBoth(a.entry, b.entry, earlier),
    exit: ofBoth(a.exit, b.exit, later),
    campaign: ofBoth(a.campaign, b.campaign, earlier),
    anchor:
      a.priority === b.priority ? earlier(a.anchor, b.anchor) : a.priority < b.priority ? a.anchor : b.anchor,
    priority: Math.min(a.priority, b.priority),
  };
}

function ofBoth(a: Word | null, b: Word | null, choose: (a: Word, b: Word) => Word): Word | null {
  return a === null ? b : b === null ? a : choose(a, b);
}

function earlier(a: Word, b: Word): Word {
  return isBefore(b, a) ? b : a;
}

function later(a: Word, b: Word): Word {
  return isBefore(a, b) ? b : a;
}

function isBefore([, atA, indexA, positionA]: Word, [, atB, indexB, positionB]: Word): boolean {
  if (atA !== atB) return atA < atB;
  if (indexA !== indexB) return indexA < indexB;
  return BigInt(positionA) < BigInt(positionB);
}

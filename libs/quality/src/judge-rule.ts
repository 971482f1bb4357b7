import type { QualityRule, Source } from '#config';

/** What is known of a source at a moment. */
export interface SourceFacts {
  /** Arrival of the last item, stored or not, ms since 1970 UTC; `null`: nothing ever came. */
  readonly lastAt: number | null;
  /** Items of the rule's last hours, refused ones among them. */
  readonly items: number;
  /** Of these, without anything wrong. */
  readonly valid: number;
}

/** How a rule stands at a source. */
export interface Alert {
  readonly rule: string;
  readonly source: string;
  readonly kind: QualityRule['condition']['kind'];
  /** `unknown`: too little came to say. */
  readonly state: 'ok' | 'firing' | 'unknown';
  /** Hours of silence, or validity from 0 to 1; `null` where there is nothing to measure. */
  readonly value: number | null;
  /** Hours, or validity, beyond which it fires. */
  readonly threshold: number;
}

const HOUR_MS = 3_600_000;

/** A rule asked of a source at a moment, ms since 1970 UTC. Pure. */
export function judgeRule(
  { name: rule, condition, setAt }: QualityRule,
  { source, createdAt }: Pick<Source, 'source' | 'createdAt'>,
  { lastAt, items, valid }: SourceFacts,
  now: number,
): Alert {
  const about = { rule, source, kind: condition.kind };
  if (condition.kind === 'silent') {
    const value = Math.max(0, now - (lastAt ?? createdAt ?? setAt)) / HOUR_MS;
    return { ...about, state: value > condition.hours ? 'firing' : 'ok', value, threshold: condition.hours };
  }
  const threshold = condition.below;
  if (items === 0 || items < condition.atLeast) return { ...about, state: 'unknown', value: null, threshold };
  const value = valid / items;
  return { ...about, state: value < threshold ? 'firing' : 'ok', value, threshold };
}

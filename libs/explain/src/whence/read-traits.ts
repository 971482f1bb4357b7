import { clickHouseTime, type EventId, type Ref, type SourceName } from '#kernel';
import type { TraitPolicies } from '#identity';
import { databaseOf, type Warehouse } from '#warehouse';
import type { Moment } from '../when/moment.ts';
import { msOf } from '../when/people-then.ts';
import type { Held } from '../when/refold.ts';
import { wordsByTrait, type SaidWord, type TraitWord } from './trait-words.ts';

/** Words told at most: those said last. */
const WORDS_MAX = 10_000;

/** Everything that was said of a person's traits. */
export interface TraitHistory {
  readonly traits: Readonly<Record<string, readonly TraitWord[]>>;
  /** True where older words are left out. */
  readonly truncated: boolean;
}

/** Which words are wanted, and by which policies they are judged. */
export interface TraitQuestion {
  /** This trait only. */
  readonly trait?: string;
  /** Those said by then only. */
  readonly moment?: Moment;
  readonly policies?: TraitPolicies;
}

interface Row {
  readonly trait: string;
  readonly value: string;
  readonly event_id: EventId;
  readonly source: SourceName;
  readonly trust: string;
  readonly batch_index: number;
  readonly anchor: Ref;
  readonly occurred_at: string;
  readonly recorded_at: string;
}

/** Reads what the touchpoints of these identifiers said of traits, of one trait only where it is named. */
export async function readTraitHistory(
  warehouse: Warehouse,
  { workspace, members }: Held,
  { trait, moment, policies }: TraitQuestion,
): Promise<TraitHistory> {
  const time = moment?.clock === 'recorded' ? 'recorded_at' : 'occurred_at';
  const rows = await warehouse.query<Row>(
    `SELECT pair.1 AS trait, pair.2 AS value, event_id, source, trust, batch_index, anchor_id AS anchor, occurred_at, recorded_at
     FROM ${databaseOf(workspace)}.events
     ARRAY JOIN JSONExtractKeysAndValuesRaw(traits) AS pair
     WHERE anchor_id IN {refs:Array(UInt64)} AND kind = 'identify' AND notEmpty(identifiers)
       ${moment === undefined ? '' : `AND ${time} <= {at:DateTime64(3, 'UTC')}`}
       ${trait === undefined ? '' : 'AND pair.1 = {trait:String}'}
     ORDER BY occurred_at DESC, position DESC LIMIT ${WORDS_MAX + 1}`,
    {
      refs: members.map(({ ref }) => BigInt(ref)),
      ...(moment === undefined ? {} : { at: clickHouseTime(moment.at) }),
      ...(trait === undefined ? {} : { trait }),
    },
  );
  return {
    traits: wordsByTrait(rows.slice(0, WORDS_MAX).map(wordOf), policies),
    truncated: rows.length > WORDS_MAX,
  };
}

function wordOf({
  trait,
  value,
  event_id,
  source,
  trust,
  batch_index,
  anchor,
  occurred_at,
  recorded_at,
}: Row): SaidWord {
  return {
    trait,
    value: JSON.parse(value),
    at: msOf(occurred_at),
    recordedAt: msOf(recorded_at),
    source,
    rank: trust === 'server' ? 1 : 0,
    index: batch_index,
    eventId: event_id,
    anchor,
  };
}

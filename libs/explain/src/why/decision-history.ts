import type { ProfileId, Ref, Workspace } from '#kernel';
import { clickHouseTime } from '#kernel';
import type { StateStore } from '#state-store';
import { databaseOf, type Warehouse } from '#warehouse';
import { decisionSentence, refsOfDecisions, type DecisionDetails } from './decision-words.ts';
import { valuesOf, type Asker } from './explanation-reader.ts';
import type { DecisionKind } from '#identity';
import type { LanguageCode } from './words/words.ts';

/** A decision as readers get it. Times are ISO 8601, UTC with milliseconds. */
export interface ToldDecision {
  readonly decision_id: string;
  readonly position: string;
  readonly n: number;
  readonly decided_at: string;
  readonly kind: DecisionKind;
  readonly profile_id: string;
  readonly other_profile_id: string;
  readonly rule: string;
  /** Version of the rules by which it was decided; 0: the defaults. */
  readonly rules_version: number;
  /** Source of the event that caused it; empty for an operator's order. */
  readonly source: string;
  readonly evidence_event_id: string;
  readonly details: DecisionDetails;
  /** The same as a sentence. */
  readonly text: string;
}

/** Which decisions are wanted. */
export interface DecisionQuery {
  readonly limit: number;
  /** Decisions after this place only. */
  readonly after?: { readonly position: string; readonly n: number };
  /** Decisions up to this moment only, log time, ms since 1970 UTC. */
  readonly until?: number;
}

/** A page of decisions, and where the next one begins; absent on the last page. */
export interface DecisionPage {
  readonly decisions: readonly ToldDecision[];
  readonly next?: { readonly position: string; readonly n: number };
}

/** Last time that the tables hold. */
const FOR_EVER = '2299-12-31 23:59:59.998';

/** Decisions about a profile and about those that it had absorbed by then, in the order in which they were made. */
export async function readDecisions(
  { state, warehouse }: { readonly state: StateStore; readonly warehouse: Warehouse },
  asker: Asker,
  id: ProfileId,
  language: LanguageCode,
  { limit, after, until }: DecisionQuery,
): Promise<DecisionPage> {
  const rows = await rowsOf(warehouse, asker.workspace, id, {
    after: after?.position ?? '0',
    n: after?.n ?? 0,
    limit: limit + 1,
    until: until === undefined ? FOR_EVER : clickHouseTime(until),
  });
  const page = rows.slice(0, limit).map(({ details, decided_at, ...row }) => ({
    ...row,
    decided_at: `${decided_at.replace(' ', 'T')}Z`,
    details: JSON.parse(details) as DecisionDetails,
  }));
  const values = asker.seesValues ? await valuesOf(state, refsOfDecisions(page)) : new Map<Ref, string>();
  const decisions = page.map((row): ToldDecision => ({
    ...row,
    text: decisionSentence(
      {
        kind: row.kind,
        profileId: row.profile_id,
        otherProfileId: row.other_profile_id,
        details: row.details,
      },
      language,
      ({ ns, ref }) => {
        const value = values.get(ref);
        return { anchor: ref, namespace: ns, ...(value === undefined ? {} : { value }) };
      },
    ),
  }));
  const last = decisions.at(-1);
  const more = rows.length > limit && last !== undefined;
  return more ? { decisions, next: { position: last.position, n: last.n } } : { decisions };
}

type Row = Omit<ToldDecision, 'details' | 'text'> & { readonly details: string };

function rowsOf(
  warehouse: Warehouse,
  workspace: Workspace,
  id: ProfileId,
  range: { readonly after: string; readonly n: number; readonly limit: number; readonly until: string },
): Promise<Row[]> {
  const database = databaseOf(workspace);
  const then = "{until:DateTime64(3, 'UTC')}";
  return warehouse.query<Row>(
    `SELECT decision_id, position, n, decided_at, kind, profile_id, other_profile_id, rule, rules_version, source,
            evidence_event_id, details
     FROM ${database}.identity_decisions
     WHERE (profile_id = {id:UUID} OR other_profile_id = {id:UUID} OR profile_id IN (
         SELECT alias_id FROM ${database}.profile_aliases
         WHERE profile_id = {id:UUID} AND valid_from <= ${then} AND valid_to > ${then}
       ))
       AND (position, n) > ({after:UInt64}, {n:UInt32}) AND decided_at <= ${then}
     ORDER BY position, n LIMIT {limit:UInt32}`,
    { id, ...range },
  );
}

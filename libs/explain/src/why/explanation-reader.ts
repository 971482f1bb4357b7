import { isoTime, type EventId, type ProfileId, type Ref, type Workspace } from '#kernel';
import { readConfirmations } from '#correction';
import { explainer, type Explanation, type NamedRef, type RuleBook } from '#identity';
import { IDENTIFIERS } from '#profile';
import { UnitOfWork, type StateStore } from '#state-store';
import { databaseOf, type Warehouse } from '#warehouse';
import { eventsIn, refsIn, Teller, type EventFacts } from './tell.ts';
import type { Told } from './told.types.ts';

/** Who asks. */
export interface Asker {
  readonly workspace: Workspace;
  /** False: identifiers are shown by their stand-ins only. */
  readonly seesValues: boolean;
}

/** Explains who is who to people. */
export interface ExplanationReader {
  /** Why a profile of the asker's workspace is what it is. `undefined`: no such profile. */
  profile(asker: Asker, id: ProfileId): Promise<Told | undefined>;
  /** Why two identifiers of the asker's workspace are one person's, or are not. `undefined`: nobody has one of them. */
  pair(asker: Asker, a: Ref, b: Ref): Promise<Told | undefined>;
}

/** Reads from the state store who is who, by the rules that it was folded by, and from the tables what the events were that said so. */
export function explanationReader(
  state: StateStore,
  warehouse: Warehouse,
  rulesOf: RuleBook,
): ExplanationReader {
  const tellerOf = async (asker: Asker, explanations: readonly Explanation[]): Promise<Teller> => {
    const refs = refsIn(explanations);
    const [values, events, confirmed] = await Promise.all([
      asker.seesValues ? valuesOf(state, refs) : new Map<Ref, string>(),
      factsOf(warehouse, asker.workspace, eventsIn(explanations), refs),
      confirmationsOf(state, refs),
    ]);
    return new Teller({ values, events: new Map([...events, ...confirmed]) });
  };
  return {
    async profile(asker, id) {
      const rules = rulesOf(asker.workspace);
      const explanation = await explainer(state, rules).profile(id);
      if (explanation === undefined) return undefined;
      const teller = await tellerOf(asker, [explanation]);
      return { rulesVersion: rules.version, profiles: [teller.profile(explanation)] };
    },
    async pair(asker, a, b) {
      const rules = rulesOf(asker.workspace);
      const found = await explainer(state, rules).pair(a, b);
      if (found === undefined) return undefined;
      const { relation, profiles } = found;
      const teller = await tellerOf(asker, profiles);
      const named = profiles.flatMap(({ identifiers }) => identifiers);
      const nameOf = (ref: Ref): NamedRef => ({ ns: named.find((one) => one.ref === ref)?.ns ?? '', ref });
      const orders = profiles.flatMap((profile) => profile.orders);
      return {
        rulesVersion: rules.version,
        profiles: profiles.map((profile) => teller.profile(profile)),
        relation: teller.relation(relation, [nameOf(a), nameOf(b)], orders),
      };
    },
  };
}

/** Canonical values of identifiers; none of those that were erased. */
export async function valuesOf(state: StateStore, refs: Iterable<Ref>): Promise<Map<Ref, string>> {
  const work = new UnitOfWork(state);
  const keys = [...refs];
  await work.load(IDENTIFIERS, keys);
  const found = new Map<Ref, string>();
  for (const ref of keys) {
    const row = work.get(IDENTIFIERS, ref);
    if (row !== undefined) found.set(ref, row.value);
  }
  return found;
}

interface FactRow {
  readonly event_id: EventId;
  readonly source: string;
  readonly kind: string;
  readonly event: string;
  readonly occurred_at: string;
  readonly recorded_at: string;
}

/** An event's anchor is one of the identifiers that it named, and the table lies in the order of anchors. */
async function factsOf(
  warehouse: Warehouse,
  workspace: Workspace,
  events: ReadonlySet<EventId>,
  refs: ReadonlySet<Ref>,
): Promise<Map<EventId, EventFacts>> {
  if (events.size === 0) return new Map();
  const database = databaseOf(workspace);
  const wanted = 'anchor_id IN {anchors:Array(UInt64)} AND event_id IN {events:Array(UUID)}';
  const rows = await warehouse.query<FactRow>(
    `SELECT event_id, source, kind, event, occurred_at, recorded_at FROM ${database}.events WHERE ${wanted}
     UNION ALL
     SELECT event_id, source, 'derived', '', occurred_at, recorded_at FROM ${database}.derivations WHERE ${wanted}`,
    { anchors: [...refs].map(BigInt), events: [...events] },
  );
  return new Map(
    rows.map(({ event_id, source, kind, event, occurred_at, recorded_at }) => [
      event_id,
      { source, kind, event, at: isoOf(occurred_at), recordedAt: isoOf(recorded_at) },
    ]),
  );
}

/** What confirmed corrections of these identifiers were. */
async function confirmationsOf(
  state: StateStore,
  refs: ReadonlySet<Ref>,
): Promise<readonly (readonly [EventId, EventFacts])[]> {
  const confirmed = await readConfirmations(state, [...refs]);
  return confirmed.map(({ verdict: { eventId, actor, at, recordedAt } }) => [
    eventId,
    { kind: 'confirmed', event: '', actor, at: isoTime(at), recordedAt: isoTime(recordedAt) },
  ]);
}

function isoOf(clickHouse: string): string {
  return `${clickHouse.replace(' ', 'T')}Z`;
}

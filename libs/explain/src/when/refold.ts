import type { EventId, Position, ProfileId, Ref, SourceName, Workspace } from '#kernel';
import { clickHouseTime } from '#kernel';
import { readConfirmations } from '#correction';
import type { Membership, TraitPolicies } from '#identity';
import {
  foldIdentifiers,
  foldProfile,
  IDENTIFIERS,
  joinProfile,
  loadProfiles,
  profileParts,
  type Profile,
  type ProfileInput,
} from '#profile';
import { UnitOfWork, type StateStore } from '#state-store';
import type { EnvelopeKind } from '#touchpoint';
import { databaseOf, type Warehouse } from '#warehouse';
import type { Moment } from './moment.ts';
import { msOf } from './people-then.ts';

/** Touchpoints folded at a time, so that a person of any number of them fits into memory. */
const PAGE = 10_000;

/** Identifiers as they were held. */
export interface Held {
  readonly workspace: Workspace;
  readonly profileId: ProfileId;
  readonly members: readonly { readonly ns: string; readonly ref: Ref }[];
}

/** What a profile of the past is made of. */
export interface Sources {
  readonly state: StateStore;
  readonly warehouse: Warehouse;
  readonly policies: TraitPolicies;
}

interface Row {
  readonly event_id: EventId;
  readonly position: string;
  readonly source: SourceName;
  readonly kind: EnvelopeKind;
  readonly occurred_at: string;
  readonly batch_index: number;
  readonly anchor: Ref;
  readonly identifiers: readonly Ref[];
  readonly trust: string;
  readonly traits: string;
}

/**
 * The profile that these identifiers made up at a moment: every touchpoint that names one of them, up to then, folded
 * in log order by the same code as the live one, and corrections confirmed by then. Names and values of identifiers do not change: they are those of now.
 */
export async function refold(
  { state, warehouse, policies }: Sources,
  { workspace, profileId, members }: Held,
  moment: Moment,
): Promise<Profile> {
  const refs = members.map(({ ref }) => ref);
  const now = new UnitOfWork(state);
  await now.load(IDENTIFIERS, refs);
  const inside = new Set(refs);
  const then = new UnitOfWork({ read: async (keys) => keys.map(() => null) });
  const inputOf = (row: Row): ProfileInput => ({
    workspace,
    source: row.source,
    sourceRank: row.trust === 'server' ? 1 : 0,
    eventId: row.event_id,
    position: BigInt(row.position) as Position,
    at: msOf(row.occurred_at),
    index: row.batch_index,
    kind: row.kind,
    anchor: row.anchor,
    identifiers: row.identifiers.flatMap((ref) => {
      const known = inside.has(ref) ? now.get(IDENTIFIERS, ref) : undefined;
      return known === undefined ? [] : [{ ns: known.ns, ref, value: known.value }];
    }),
    traits: row.kind === 'identify' ? (JSON.parse(row.traits) as Record<string, unknown>) : undefined,
  });
  await loadProfiles(then, refs);
  for (let after = '0', more = true; more;) {
    const rows = await pageOf(warehouse, workspace, refs, moment, after);
    const inputs = rows.map(inputOf);
    await loadProfiles(
      then,
      inputs.flatMap(({ anchor }) => anchor ?? []),
    );
    for (const input of inputs) foldProfile(then, input, policies);
    after = rows.at(-1)?.position ?? after;
    more = rows.length === PAGE;
  }
  await foldConfirmed(then, state, inside, moment);
  const membership: Membership = { profileId, workspace, members, createdAt: '0' };
  return joinProfile(membership, profileParts(then, membership), policies);
}

/** Corrections of these identifiers that were confirmed by then; their place among the touchpoints does not matter. */
async function foldConfirmed(
  then: UnitOfWork,
  state: StateStore,
  inside: ReadonlySet<Ref>,
  moment: Moment,
): Promise<void> {
  for (const { to, guess, verdict } of await readConfirmations(state, [...inside])) {
    const time = moment.clock === 'recorded' ? verdict.recordedAt : verdict.at;
    if (!inside.has(to) || time > moment.at) continue;
    const { ns, value, source } = guess;
    const position = BigInt(verdict.position) as Position;
    foldIdentifiers(then, { identifiers: [{ ns, ref: to, value }], at: verdict.at, position, source });
  }
}

/**
 * What a touchpoint anchored elsewhere says of these identifiers is that it names them. Both halves use what the table
 * is made for: the order by anchor, the filter over identifiers.
 */
async function pageOf(
  warehouse: Warehouse,
  workspace: Workspace,
  refs: readonly Ref[],
  { at, clock }: Moment,
  after: string,
): Promise<Row[]> {
  const database = databaseOf(workspace);
  const time = clock === 'recorded' ? 'recorded_at' : 'occurred_at';
  const range = `position > {after:UInt64} AND ${time} <= {at:DateTime64(3, 'UTC')}`;
  const columns = 'event_id, position, source, occurred_at, anchor_id AS anchor, identifiers, trust';
  const own = 'anchor_id IN {refs:Array(UInt64)}';
  const others = 'anchor_id NOT IN {refs:Array(UInt64)} AND hasAny(identifiers, {refs:Array(UInt64)})';
  return warehouse.query<Row>(
    `SELECT * FROM (
       SELECT ${columns}, kind, batch_index, if(kind = 'identify', traits, '') AS traits
       FROM ${database}.events WHERE ${own} AND ${range}
       UNION ALL
       SELECT ${columns}, kind, batch_index, '{}' AS traits FROM ${database}.events WHERE ${others} AND ${range}
       UNION ALL
       SELECT ${columns}, 'derived' AS kind, 0 AS batch_index, '' AS traits
       FROM ${database}.derivations WHERE hasAny(identifiers, {refs:Array(UInt64)}) AND ${range}
     ) ORDER BY position LIMIT ${PAGE}`,
    { refs: refs.map(BigInt), at: clickHouseTime(at), after },
  );
}

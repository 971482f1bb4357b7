import type { ProfileId, Workspace } from '#kernel';
import { readConsents } from '#consent';
import type { Consent } from '#consent';
import { identityReader } from '#identity';
import type { KeyStore } from '#key-store';
import { profileReader } from '#profile';
import type { Profile } from '#profile';
import { normaliseIdentifier } from '#touchpoint';
import { databaseOf } from '#warehouse';
import type { Reading } from './reading.ts';

/** One page of a profile's touchpoints or decisions, newest first. */
export interface Page {
  readonly rows: readonly Record<string, unknown>[];
  /** Pass as `cursor` for the next page; absent on the last one. */
  readonly cursor?: string;
}

/** Answers about one person, from the state store; lists of touchpoints and decisions from the warehouse. */
export class ProfilesService {
  constructor(
    private readonly keys: KeyStore,
    private readonly reading: Reading,
  ) {}

  /** Profile that an identifier belongs to; `undefined` if nobody was seen with it. The value is never logged. */
  async lookup(workspace: Workspace, namespace: string, value: string): Promise<Profile | undefined> {
    const normalised = normaliseIdentifier(namespace, value);
    if (normalised.outcome !== 'valid') return undefined;
    const ref = await this.keys.find(workspace, { namespace, value: normalised.value });
    if (ref === undefined || ref === 'suppressed') return undefined;
    const id = await identityReader(this.reading.pipeline().state).profileOf(ref);
    return id === undefined ? undefined : this.byId(workspace, id);
  }

  /** A profile by its id or by the id of one that it absorbed; `undefined` if this workspace has none. */
  async byId(workspace: Workspace, id: ProfileId): Promise<Profile | undefined> {
    const { state } = this.reading.pipeline();
    const membership = await identityReader(state).membership(id);
    if (membership === undefined || membership.workspace !== workspace) return undefined;
    return profileReader(state).read(membership);
  }

  /** A profile's touchpoints, newest first by event time. */
  async events(workspace: Workspace, profile: Profile, limit: number, cursor?: string): Promise<Page> {
    const [before, eventId] = cursor?.split('~') ?? [];
    const membership = await identityReader(this.reading.pipeline().state).membership(profile.id);
    const rows = await this.reading.warehouse.query<
      Record<string, unknown> & { occurred_at: string; event_id: string }
    >(
      `SELECT event_id, message_id, position, source, kind, event, occurred_at, recorded_at, anonymous_id, user_id,
              anchor_id, profile_id, channel, campaign, url, path, referrer, properties, context, traits, flags,
              is_bot, violations
       FROM ${databaseOf(workspace)}.events
       WHERE anchor_id IN {anchors:Array(UInt64)}
         AND (occurred_at, event_id) < ({before:DateTime64(3, 'UTC')}, {eventId:UUID})
       ORDER BY occurred_at DESC, event_id DESC LIMIT {limit:UInt32}`,
      {
        anchors: membership?.members.map(({ ref }) => BigInt(ref)) ?? [],
        before: before ?? '2299-12-31 23:59:59.999',
        eventId: eventId ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff',
        limit: limit + 1,
      },
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      rows: page.map((row) => shown(row, ['properties', 'context', 'traits'])),
      ...(more ? { cursor: `${last.occurred_at}~${last.event_id}` } : {}),
    };
  }

  /** What a person agrees to and refuses now, by purpose. */
  async consents(profile: Profile): Promise<Consent[]> {
    const { state } = this.reading.pipeline();
    const membership = await identityReader(state).membership(profile.id);
    return readConsents(state, membership?.members.map(({ ref }) => ref) ?? []);
  }

  /** Decisions about a profile and about those it absorbed, in the order they were made. */
  async decisions(workspace: Workspace, id: ProfileId, limit: number, cursor?: string): Promise<Page> {
    const [after, n] = cursor?.split('~') ?? [];
    const rows = await this.reading.warehouse.query<
      Record<string, unknown> & { position: string; n: number }
    >(
      `SELECT decision_id, position, n, decided_at, kind, profile_id, other_profile_id, rule, evidence_event_id, details
       FROM ${databaseOf(workspace)}.identity_decisions
       WHERE (profile_id = {id:UUID} OR other_profile_id = {id:UUID})
         AND (position, n) > ({after:UInt64}, {n:UInt32})
       ORDER BY position, n LIMIT {limit:UInt32}`,
      { id, after: after ?? '0', n: Number(n ?? 0), limit: limit + 1 },
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      rows: page.map((row) => shown(row, ['details'])),
      ...(more ? { cursor: `${last.position}~${last.n}` } : {}),
    };
  }
}

/** A row as the API shows it: JSON columns parsed, times in ISO 8601. */
function shown(row: Record<string, unknown>, jsonColumns: readonly string[]): Record<string, unknown> {
  const parsed = { ...row };
  for (const [name, value] of Object.entries(row)) {
    if (typeof value !== 'string') continue;
    if (jsonColumns.includes(name)) parsed[name] = value === '' ? null : JSON.parse(value);
    else if (name.endsWith('_at')) parsed[name] = `${value.replace(' ', 'T')}Z`;
  }
  return parsed;
}

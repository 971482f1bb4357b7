import { clickHouseTime } from '#kernel';
import type { ProfileId, Ref, Workspace } from '#kernel';
import { readConsents } from '#consent';
import type { Consent } from '#consent';
import { originsOf, readCorrections } from '#correction';
import { asOfReader, readTraitHistory } from '#explain';
import type { AsOfReader, Held, Moment, TraitHistory } from '#explain';
import { identityReader } from '#identity';
import type { KeyStore } from '#key-store';
import { profileReader } from '#profile';
import type { Profile } from '#profile';
import { normaliseIdentifier } from '#touchpoint';
import { databaseOf } from '#warehouse';
import { problem } from './access.ts';
import { refuseErased } from './erased.ts';
import { foundThen } from './as-of.ts';
import { profileView } from './profile-view.ts';
import type { ShownProfile } from './profile-view.ts';
import type { Reading } from './reading.ts';

const NO_PROFILE = 'there is no such profile';

/** Last time that the tables hold. */
const FOR_EVER = '2299-12-31 23:59:59.999';

/** One page of a profile's touchpoints, newest first. */
export interface Page {
  readonly rows: readonly Record<string, unknown>[];
  /** Pass as `cursor` for the next page; absent on the last one. */
  readonly cursor?: string;
}

/** Answers about one person: of now from the state store, of the past and of touchpoints from the warehouse. */
export class ProfilesService {
  constructor(
    private readonly keys: KeyStore,
    private readonly reading: Reading,
  ) {}

  /**
   * Identifiers of the profile that an identifier belongs to, or belonged to at a moment. Throws 404 if nobody was seen
   * with it. What nobody was seen with but was guessed of one person leads to that one, whose profile tells so. The
   * value is never logged.
   */
  async heldWith(workspace: Workspace, namespace: string, value: string, moment?: Moment): Promise<Held> {
    const normalised = normaliseIdentifier(namespace, value);
    const ref =
      normalised.outcome === 'valid'
        ? await this.keys.find(workspace, { namespace, value: normalised.value })
        : undefined;
    if (ref === undefined || ref === 'suppressed') throw problem(404, NO_PROFILE);
    if (moment !== undefined) {
      return foundThen(await this.#past(workspace).heldWith(workspace, ref, moment), moment, 'identifier');
    }
    const { state } = this.reading.generation();
    const id = (await identityReader(state).profileOf(ref)) ?? (await this.#guessedOf(ref));
    if (id === undefined) throw problem(404, NO_PROFILE);
    return this.held(workspace, id);
  }

  /**
   * Identifiers of a profile, now or at a moment, by its id or by the id of one that it absorbed. Throws 404 if the
   * workspace has none, and 410 if the person was erased.
   */
  async held(workspace: Workspace, id: ProfileId, moment?: Moment): Promise<Held> {
    await refuseErased(this.reading.generation().state, workspace, id);
    if (moment !== undefined)
      return foundThen(await this.#past(workspace).held(workspace, id, moment), moment, 'profile');
    const membership = await identityReader(this.reading.generation().state).membership(id);
    if (membership?.workspace !== workspace) throw problem(404, NO_PROFILE);
    return membership;
  }

  /** The profile that identifiers make up, now or at a moment. */
  async profile(held: Held, moment?: Moment): Promise<Profile> {
    if (moment !== undefined)
      return foundThen(await this.#past(held.workspace).profile(held, moment), moment, 'profile');
    const { state, rules } = this.reading.generation();
    return profileReader(state, rules.of(held.workspace).traits).read({ ...held, createdAt: '0' });
  }

  /**
   * A profile with what is shown of it: names put right, facts about identifiers, guesses at them. Of a moment of the
   * past the guesses are left out: they are told as they stand now.
   */
  async shown(profile: Profile, moment?: Moment): Promise<ShownProfile> {
    if (moment !== undefined) return profileView(profile, undefined);
    const refs = profile.identifiers.map(({ anchor }) => anchor);
    return profileView(profile, await readCorrections(this.reading.generation().state, refs));
  }

  /** The one person of whom this identifier was guessed. */
  async #guessedOf(ref: Ref): Promise<ProfileId | undefined> {
    const { state } = this.reading.generation();
    const origins = await originsOf(state, ref);
    const people = new Set(
      await Promise.all(origins.map((origin) => identityReader(state).profileOf(origin))),
    );
    const [only] = people;
    return people.size === 1 ? only : undefined;
  }

  /** Touchpoints of the profile that identifiers make up, newest first by event time. */
  async events({ workspace, members }: Held, limit: number, cursor?: string, moment?: Moment): Promise<Page> {
    const [before, eventId] = cursor?.split('~') ?? [];
    const time = moment?.clock === 'recorded' ? 'recorded_at' : 'occurred_at';
    const rows = await this.reading.warehouse.query<
      Record<string, unknown> & { occurred_at: string; event_id: string }
    >(
      `SELECT event_id, message_id, position, source, kind, event, occurred_at, recorded_at, anonymous_id, user_id,
              anchor_id, profile_id, channel, campaign, url, path, referrer, properties, context, traits, flags,
              is_bot, violations
       FROM ${databaseOf(workspace)}.events
       WHERE anchor_id IN {anchors:Array(UInt64)} AND ${time} <= {until:DateTime64(3, 'UTC')}
         AND (occurred_at, event_id) < ({before:DateTime64(3, 'UTC')}, {eventId:UUID})
       ORDER BY occurred_at DESC, event_id DESC LIMIT {limit:UInt32}`,
      {
        anchors: members.map(({ ref }) => BigInt(ref)),
        until: moment === undefined ? FOR_EVER : clickHouseTime(moment.at),
        before: before ?? FOR_EVER,
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

  /** Everything that was said of the traits of the profile that identifiers make up; of one, if it is named. */
  traits(held: Held, trait?: string, moment?: Moment): Promise<TraitHistory> {
    return readTraitHistory(this.reading.warehouse, held, {
      policies: this.reading.generation().rules.of(held.workspace).traits,
      ...(trait === undefined ? {} : { trait }),
      ...(moment === undefined ? {} : { moment }),
    });
  }

  /** What a person agrees to and refuses now, by purpose. */
  async consents({ members }: Held): Promise<Consent[]> {
    return readConsents(
      this.reading.generation().state,
      members.map(({ ref }) => ref),
    );
  }

  #past(workspace: Workspace): AsOfReader {
    const { state, rules } = this.reading.generation();
    return asOfReader(state, this.reading.warehouse, rules.of(workspace).traits);
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

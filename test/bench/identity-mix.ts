import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import type { Observation } from '#identity';

const WORKSPACE = 'default' as Workspace;

/** A number in [0, 1) after the other, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A ref such as the key store mints: 19 digits, spread. */
function refOf(kind: number, number: number): Ref {
  const spread = (BigInt(kind) << 40n) + BigInt(number);
  return ((spread * 0x9e3779b97f4a7c15n) & ((1n << 63n) - 1n)).toString() as Ref;
}

function eventOf(place: number): EventId {
  const hex = place.toString(16).padStart(12, '0');
  return `${hex.slice(4)}-0000-5000-8000-${hex}` as EventId;
}

/**
 * The mix of the rule set's §1.7: people with an account, an e-mail and one to three browsers; 3 % of browsers are
 * shared, 0.5 % of e-mails, 5 % of events come late, and most tell nothing new. `from`: observations before these.
 */
export function* mix(people: number, count: number, from = 0): Generator<Observation> {
  const random = numbers(7 + from);
  const upTo = (limit: number) => Math.floor(random() * limit);
  for (let place = from + 1; place <= from + count; place++) {
    const person = upTo(people);
    const browsers = 1 + (person % 3);
    const browser =
      random() < 0.03 && person % 33 === 0 ? -1 - (person % 1_000) : person * 3 + upTo(browsers);
    const email = person % 200 === 0 ? person + 1 : person;
    const device: EnvelopeRef = { ns: 'anonymous_id', ref: refOf(1, browser + 2_000), strength: 0 };
    const account: EnvelopeRef = { ns: 'user_id', ref: refOf(2, person), strength: 2 };
    const mail: EnvelopeRef = { ns: 'email', ref: refOf(3, email), strength: 1 };
    const kind = random();
    const late = random() < 0.05 ? 86_400_000 : 0;
    yield {
      workspace: WORKSPACE,
      source: 'web' as SourceName,
      eventId: eventOf(place),
      position: (BigInt(place) * 4_096n) as Position,
      at: 1_700_000_000_000 + place * 50 - late,
      index: 0,
      refs: kind < 0.45 ? [device] : kind < 0.8 ? [account, device] : [account, mail, device],
    };
  }
}

/** As many identifiers as three times the people, each person seen once with all of them. */
export function* everybody(people: number): Generator<Observation> {
  for (let person = 0; person < people; person++) {
    const place = person + 1;
    yield {
      workspace: WORKSPACE,
      source: 'web' as SourceName,
      eventId: eventOf(place),
      position: (BigInt(place) * 4_096n) as Position,
      at: 1_700_000_000_000 + place * 50,
      index: 0,
      refs: [
        { ns: 'user_id', ref: refOf(2, person), strength: 2 },
        { ns: 'email', ref: refOf(3, person), strength: 1 },
        { ns: 'anonymous_id', ref: refOf(1, person * 3 + 2_000), strength: 0 },
      ],
    };
  }
}

/** One browser that sees everybody, or one visitor with ever new browsers. */
export function* flood(
  kind: 'people' | 'browsers',
  count: number,
  order: 1 | -1 = 1,
): Generator<Observation> {
  for (let place = 1; place <= count; place++) {
    const other: EnvelopeRef =
      kind === 'people'
        ? { ns: 'user_id', ref: refOf(5, place), strength: 2 }
        : { ns: 'anonymous_id', ref: refOf(6, place), strength: 0 };
    yield {
      workspace: WORKSPACE,
      source: 'web' as SourceName,
      eventId: eventOf(place),
      position: (BigInt(place) * 4_096n) as Position,
      at: 1_700_000_000_000 + order * place,
      index: 0,
      refs: [{ ns: 'device_id', ref: refOf(4, 1), strength: 0 }, other],
    };
  }
}

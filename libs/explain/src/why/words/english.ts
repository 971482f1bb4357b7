import type { ToldIdentifier, ToldOrder, ToldRefusal, ToldSaying } from '../told.types.ts';
import { momentsIn } from './moments.ts';
import type { Words } from './words.ts';

const NAMESPACES: Readonly<Record<string, string>> = {
  user_id: 'user id',
  crm_id: 'CRM id',
  loyalty_id: 'loyalty card',
  national_id: 'national id',
  email: 'e-mail address',
  phone: 'phone number',
  push_token: 'push token',
  idfa: 'advertising id',
  gaid: 'advertising id',
  device_id: 'device',
  anonymous_id: 'browser',
};

const KINDS: Readonly<Record<string, string>> = {
  identify: 'an identification',
  page: 'a page view',
  screen: 'a screen view',
  group: 'a group call',
  alias: 'an alias call',
  derived: 'an item that was read again by a newer mapping',
  confirmed: 'the confirmation of a correction',
};

const ORDERS: Readonly<Record<ToldOrder['kind'], string>> = {
  force_merge: 'are one person',
  forbid: 'are never one person',
  release: 'no longer means what linked it until then',
  lift: 'is not quarantined',
};

const GONE: Readonly<Record<string, string>> = {
  DISPLACED: 'stronger or earlier evidence spoke for somebody else',
  SHARED: 'several people use the device',
  QUARANTINED: "an identifier turned out to be nobody's",
  SUPERSEDED: 'a newer version of a row no longer says so',
  RELEASED: 'an operator released an identifier',
  FORBIDDEN: 'of an order of an operator',
  ERASED: 'a person was erased',
};

const moments = momentsIn('en-GB');

/** English. */
export const ENGLISH: Words = {
  namespace: nameOf,
  identifier,
  moment: moments.long,
  shortMoment: moments.short,
  occasion,

  person: (id, count) =>
    count === 1
      ? `One identifier on its own (profile ${id}):`
      : `One person, known by ${count} identifiers (profile ${id}):`,
  held: (a, b, told, strength, rule) =>
    `${upper(a)} and ${b} belong to one person: ${told} named both; ${strength}. Rule ${rule}.`,
  strength: ({ strength, kind }) =>
    kind === 'confirmed'
      ? 'somebody made sure of it'
      : ([
          'it was only observed',
          'it was declared (a form, an order, an agent)',
          'a log-in or a system of record said so',
        ][strength] ?? ''),
  heldByOrder: (a, b, order) =>
    `${upper(a)} and ${b} are one person by an operator's order (${order}). Rule R8.`,
  again: (count) =>
    count === 1 ? 'One further link says the same again.' : `${count} further links say the same again.`,
  alone: (one, why) =>
    why === 'shared'
      ? `${upper(one)} stands alone: several people who are known apart use it. Rule R5.`
      : `${upper(one)} stands alone: it was seen with too many people to be anybody's. Rule R4.`,
  refusedTitle: 'Not linked:',
  refused: (a, b, why, told, rule) =>
    `${upper(a)} and ${b} were kept apart: ${why}. What would have linked them: ${told}. Rule ${rule}.`,
  whyRefused,
  andMore: (count) => `… and ${count} more.`,
  ordersTitle: 'Orders of operators:',
  order: ({ kind, actor, reason, undone, commandId }, identifiers) =>
    `${upper(identifiers)} ${ORDERS[kind]}, says ${actor}: “${reason}” (order ${commandId})${undone ? '; taken back' : ''}.`,
  rules: (version) =>
    version === 0 ? 'Decided by the default rules.' : `Decided by version ${version} of the rules.`,

  together: (a, b) => `${upper(a)} and ${b} belong to one person.`,
  apart: (a, b) => `${upper(a)} and ${b} belong to two people. Something links them, and it was refused:`,
  strangers: (a, b) => `${upper(a)} and ${b} belong to two people. Nothing that was received links them.`,
  path: 'The way from the one to the other:',
  undoing: 'To part them, all of this would have to be undone:',
  undo: (link) => `the link between ${link}`,
  takeBack: (order) => `the operator's order ${order}`,
  sayings: (count) => (count === 1 ? 'said by one event' : `said in ${count} ways`),
  instead: (command) => `An operator can part them at once: ${command}`,

  decision: {
    created: (founding, known) => `${known ? 'A person' : 'A visitor'} became known by ${founding}.`,
    identified: (identifiers) => `It is known who it is: ${identifiers}.`,
    linked: (one, to) => `${upper(one)} was linked to ${to}.`,
    merged: (into, from, moved) => `Profile ${from} turned out to be profile ${into}; with it came ${moved}.`,
    absorbed: (profile, into) => `Profile ${profile} is part of profile ${into}.`,
    split: (profile, parts, why) => `Profile ${profile} was parted, because ${why}: ${parts.join('; ')}.`,
    rejected: (one, to, why) => `${upper(one)} was not linked to ${to}: ${why}.`,
    contradiction: (identifiers) =>
      `An event named more than one person and linked nothing${identifiers === '' ? '' : `: ${identifiers}`}.`,
    revoked: (one, to, why) => `${upper(one)} is no longer linked to ${to}, because ${why}.`,
    quarantined: (one, flood) =>
      `${upper(one)} was set apart: seen ${flood ? 'in too many events with others' : 'with too many people'}.`,
    shared: (one) => `${upper(one)} was set apart: several people use it.`,
    gone: (reason) => GONE[reason] ?? reason,
  },

  picture: {
    title: (count) => (count === 1 ? 'One identifier' : `One person, ${count} identifiers`),
    twoPeople: 'Two people',
    unique: 'names a person',
    contact: 'reaches a person',
    device: 'a device',
    refused: 'refused',
    confirms: 'says it again',
    order: "operator's order",
    path: 'the way between the two',
    cut: 'to be undone to part the two',
    reason: (reason) =>
      ({
        LIMIT: 'over the limit',
        WEAK_BRIDGE: 'known apart',
        SHARED: 'shared device',
        CANNOT_LINK: 'forbidden',
        MAX_SIZE: 'too many',
        QUARANTINED: 'quarantined',
        BLOCKED: 'blocked',
      })[reason],
    more: (identifiers, refusals) => `not drawn: ${identifiers} identifiers, ${refusals} refused links`,
  },
};

function nameOf(ns: string): string {
  return NAMESPACES[ns] ?? (ns === '' ? 'identifier' : ns);
}

function identifier({ namespace, value, anchor }: ToldIdentifier): string {
  return value === undefined
    ? `the ${nameOf(namespace)} no. ${anchor}`
    : `the ${nameOf(namespace)} “${value}”`;
}

function occasion({ eventId, at, source, kind, event, actor }: ToldSaying): string {
  const named = event ? `the event “${event}”` : (KINDS[kind ?? ''] ?? 'an event');
  const from = source === undefined ? '' : ` from the source “${source}”`;
  const by = actor === undefined ? '' : ` by “${actor}”`;
  return `${named}${from}${by} on ${moments.long(at)} (${eventId})`;
}

function whyRefused({
  reason,
  limit,
  namespace,
}: Pick<ToldRefusal, 'reason' | 'limit' | 'namespace'>): string {
  switch (reason) {
    case 'LIMIT':
      return limit === 1
        ? `a person has only one ${nameOf(namespace ?? '')}`
        : `a person has at most ${limit} identifiers of this kind (${nameOf(namespace ?? '')})`;
    case 'WEAK_BRIDGE':
      return 'a device or a repaired value does not join two people who are known apart';
    case 'SHARED':
      return 'several people who are known apart use the device';
    case 'CANNOT_LINK':
      return 'an operator ordered that they stay apart';
    case 'MAX_SIZE':
      return 'the person would have more identifiers than a person can have';
    case 'QUARANTINED':
      return "one of them was seen with too many people to be anybody's";
    case 'BLOCKED':
      return "the rules say that one of them is nobody's";
  }
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { ANCHOR, JSON_TEXT, NAME, PERSON, SESSION, TIME, VERSION, WORKSPACE } from './columns.ts';
import type { Table } from './table.ts';

/** A touchpoint per row, with the profile resolved at its own position; the view lays the overrides over it. */
export const EVENTS: Table = {
  name: 'events',
  comment: 'A touchpoint: something a person did, once.',
  columns: [
    WORKSPACE,
    {
      name: 'event_id',
      type: 'UUID',
      comment: 'Id of the touchpoint; unique. Derived from source and message id.',
    },
    { name: 'message_id', type: 'String', comment: 'Id that the sender gave it. Empty where it gave none.' },
    {
      name: 'position',
      type: 'UInt64',
      comment: 'Place in the event log, strictly increasing. Compare with ?after=.',
    },
    { name: 'source', type: NAME, comment: 'Source that sent it. Never empty.' },
    { name: 'kind', type: NAME, comment: 'track, identify, page, screen, group or alias.' },
    { name: 'event', type: NAME, comment: 'Name of the event. Empty where the kind has none.' },
    { name: 'occurred_at', type: TIME, comment: 'When it happened, clock of the sender corrected. UTC, ms.' },
    {
      name: 'recorded_at',
      type: TIME,
      comment: 'Log time: highest arrival time up to this event. UTC, ms; never falls.',
    },
    { name: 'received_at', type: TIME, comment: 'When the collector received it. UTC, ms.' },
    { name: 'batch_index', type: 'UInt32', comment: 'Place in the batch that brought it, from 0.' },
    { name: 'anonymous_id', type: 'String', comment: 'Device identifier as sent. Empty where absent.' },
    { name: 'user_id', type: 'String', comment: "The company's own identifier as sent. Empty where absent." },
    { name: 'group_id', type: 'String', comment: 'Account of a group call as sent. Empty for other kinds.' },
    ANCHOR,
    PERSON,
    SESSION,
    { name: 'channel', type: NAME, comment: 'web, mobile, server, … as sent. Empty where absent.' },
    {
      name: 'campaign',
      type: NAME,
      comment: 'Campaign: context.campaign.name, else utm_campaign of the url. Empty where absent.',
    },
    {
      name: 'utm_source',
      type: NAME,
      comment:
        'Where the visitor came from: context.campaign.source, else utm_source of the url. Empty where absent.',
    },
    {
      name: 'utm_medium',
      type: NAME,
      comment: 'By what means: context.campaign.medium, else utm_medium of the url. Empty where absent.',
    },
    {
      name: 'click_id',
      type: NAME,
      comment: 'Which click id stands in the url, such as gclid; never its value. Empty where absent.',
    },
    { name: 'url', type: 'String', comment: 'Full address of the page. Empty where absent.' },
    { name: 'path', type: 'String', comment: 'Path of the page. Empty where absent.' },
    { name: 'referrer', type: 'String', comment: 'Address of the page before. Empty where absent.' },
    { name: 'properties', ...JSON_TEXT, comment: 'Properties as JSON text. {} where absent.' },
    { name: 'context', ...JSON_TEXT, comment: 'Context as JSON text. {} where absent.' },
    { name: 'traits', ...JSON_TEXT, comment: 'Traits of this call as JSON text. {} where absent.' },
    {
      name: 'schema',
      type: 'UInt16',
      comment: "Version of the content's schema for its kind, after upcasting.",
    },
    {
      name: 'flags',
      type: 'Array(String)',
      comment: 'What the collector noticed, such as timestamp_in_future. Mostly empty.',
    },
    {
      name: 'is_bot',
      type: 'UInt8',
      comment: '1 where a program did it and not the person: a crawler, a mail proxy, a link scanner.',
    },
    {
      name: 'violations',
      type: 'Array(String)',
      comment: 'Where it breaks the schema of its event, such as properties.price: type. Mostly empty.',
    },
    {
      name: 'identifiers',
      type: 'Array(UInt64)',
      comment: 'All identifiers that it names, as in anchor_id. Empty where it belongs to nobody.',
    },
    {
      name: 'trust',
      type: NAME,
      comment: "server: a system of the company sent it; client: somebody's device did.",
    },
  ],
  engine: 'MergeTree',
  partitionBy: 'toYYYYMM(recorded_at)',
  orderBy: ['workspace', 'anchor_id', 'occurred_at', 'event_id'],
  // Touchpoints that name somebody else's identifier lie where their own anchor is.
  indexes: ['INDEX by_identifier identifiers TYPE bloom_filter(0.001) GRANULARITY 1'],
};

/** A person per row, newest version counts. */
export const PROFILES: Table = {
  name: 'profiles',
  comment: 'A person as known now.',
  columns: [
    WORKSPACE,
    {
      name: 'profile_id',
      type: 'UUID',
      comment: 'Id of the person. A merge keeps the id of the better known profile, else of the older one.',
    },
    { name: 'first_seen_at', type: TIME, comment: 'Time of the earliest event. UTC, ms.' },
    { name: 'last_seen_at', type: TIME, comment: 'Time of the latest event. UTC, ms.' },
    { name: 'email', type: 'String', comment: 'Newest e-mail trait. Empty where unknown.' },
    {
      name: 'phone',
      type: 'String',
      comment: 'Newest phone trait, E.164 where it could be read. Empty where unknown.',
    },
    { name: 'user_ids', type: 'Array(String)', comment: 'All user ids, sorted. Empty for anonymous people.' },
    {
      name: 'traits',
      ...JSON_TEXT,
      comment: 'Current traits as JSON text {name: value}. {} where there are none.',
    },
    {
      name: 'display',
      ...JSON_TEXT,
      comment:
        'Names, cities and birth dates for the eye, as JSON text {trait: text}. {} where there are none.',
    },
    { name: 'identifier_count', type: 'UInt32', comment: 'How many identifiers belong to the person.' },
    { name: 'event_count', type: 'UInt64', comment: 'How many events belong to the person.' },
    VERSION,
    {
      name: 'is_deleted',
      type: 'UInt8',
      comment: '1 for a profile absorbed by another or erased.',
      hidden: true,
    },
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'profile_id'],
};

/** An identifier per row and the profile it belongs to, newest version counts. */
export const IDENTITIES: Table = {
  name: 'identities',
  comment: 'An identifier and the person it belongs to.',
  columns: [
    WORKSPACE,
    { name: 'namespace', type: NAME, comment: 'Kind of identifier: user_id, email, anonymous_id, …' },
    ANCHOR,
    { name: 'profile_id', type: 'UUID', comment: 'Person it belongs to now.' },
    { name: 'first_seen_at', type: TIME, comment: 'Time of the earliest event that names it. UTC, ms.' },
    { name: 'last_seen_at', type: TIME, comment: 'Time of the latest event that names it. UTC, ms.' },
    { name: 'source', type: NAME, comment: 'Source that named it first.' },
    VERSION,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'namespace', 'anchor_id'],
};

/** A decision per row, ordered as it was taken. */
export const IDENTITY_DECISIONS: Table = {
  name: 'identity_decisions',
  comment: 'Why a profile changed: one row per decision, with the event that caused it.',
  columns: [
    WORKSPACE,
    { name: 'position', type: 'UInt64', comment: 'Log position of the event that caused it.' },
    { name: 'n', type: 'UInt32', comment: 'Number among the decisions of its cause, from 0.' },
    {
      name: 'decision_id',
      type: 'UUID',
      comment: 'Id derived from cause, kind and n; the same after every rebuild.',
    },
    { name: 'decided_at', type: TIME, comment: 'Log time of the cause. UTC, ms.' },
    { name: 'kind', type: NAME, comment: 'ProfileCreated, ProfilesMerged, LinkRejected, …' },
    { name: 'profile_id', type: 'UUID', comment: 'Profile the decision is about.' },
    {
      name: 'other_profile_id',
      type: 'UUID',
      comment: 'The other profile of a merge or a rejected link. The nil UUID where there is none.',
    },
    { name: 'rule', type: NAME, comment: 'Identity rule that decided, such as R6.' },
    {
      name: 'rules_version',
      type: 'UInt32',
      comment: 'Version of the identity rules it was decided by. 0: the defaults.',
    },
    { name: 'evidence_event_id', type: 'UUID', comment: 'Event that caused it; join with events.' },
    {
      name: 'namespace',
      type: NAME,
      comment: 'Kind of identifier it is about. Empty where it is about none.',
    },
    {
      name: 'source',
      type: NAME,
      comment: "Source of the event that caused it. Empty for an operator's order.",
    },
    {
      name: 'details',
      ...JSON_TEXT,
      comment: 'Further facts by kind as JSON text. {} where there are none.',
    },
  ],
  engine: 'MergeTree',
  orderBy: ['workspace', 'position', 'n'],
};

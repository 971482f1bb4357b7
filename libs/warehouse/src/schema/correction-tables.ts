import { ANCHOR, NAME, TIME, VERSION, WORKSPACE } from './columns.ts';
import type { Table } from './table.ts';

/** A guess at what an identifier was meant to be per row, newest version counts. */
export const CORRECTIONS: Table = {
  name: 'corrections',
  comment: 'What an identifier may have been meant to be. Nothing is sent there until somebody confirms it.',
  columns: [
    WORKSPACE,
    ANCHOR,
    { name: 'guess_id', type: 'UInt64', comment: 'Stand-in of the guessed identifier.' },
    { name: 'namespace', type: NAME, comment: 'Kind of the guessed identifier: email.' },
    {
      name: 'typed',
      type: 'String',
      comment: 'What was typed, in canonical form. Empty where that is no identifier.',
    },
    { name: 'value', type: 'String', comment: 'What may have been meant.' },
    {
      name: 'outcome',
      type: NAME,
      comment: 'correction: a curated rule knows it; suggestion: it is merely near.',
    },
    { name: 'rule_id', type: NAME, comment: 'Rules that fired, joined by +, such as tld.typo:con.' },
    { name: 'ruleset_version', type: 'UInt16', comment: 'Version of the rules.' },
    { name: 'confidence', type: 'Float64', comment: 'From 0 to 1, estimated by the author of the rule.' },
    { name: 'proposed_at', type: TIME, comment: 'Time of the first event that gave rise to it. UTC, ms.' },
    { name: 'source', type: NAME, comment: 'Source of that event.' },
    { name: 'event_id', type: 'UUID', comment: 'That event; join with events.' },
    { name: 'status', type: NAME, comment: 'unverified, confirmed or rejected. A verdict stands for ever.' },
    {
      name: 'decided_at',
      type: TIME,
      comment: 'When it was confirmed or rejected, UTC, ms; 1970 if it was not.',
    },
    { name: 'decided_by', type: 'String', comment: 'Who confirmed or rejected it. Empty if nobody did.' },
    VERSION,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'anchor_id', 'guess_id'],
};

/** What an identifier has in common with others that reach the same box; newest version counts. */
export const MATCH_KEYS: Table = {
  name: 'match_keys',
  comment: 'What identifiers have in common that a provider delivers to one box.',
  columns: [
    WORKSPACE,
    { name: 'match_key', type: 'String', comment: 'Provider and box, such as gmail:aliveli. No address.' },
    ANCHOR,
    VERSION,
  ],
  engine: 'ReplacingMergeTree(version)',
  orderBy: ['workspace', 'match_key', 'anchor_id'],
};

import { ANCHOR, NAME, PERSON, TIME, WORKSPACE } from './columns.ts';
import type { View } from './view.ts';

/** Which touchpoint said what of a person's trait. `events` is the public view of touchpoints. */
export function traitHistoryView(events: View): View {
  return {
    name: 'trait_history',
    comment: 'What was said of a trait of a person: by whom, when, and whether it is the last word.',
    columns: [
      WORKSPACE,
      PERSON,
      { name: 'trait', type: 'String', comment: 'Name of the trait.' },
      { name: 'value', type: 'String', comment: 'What was said, as JSON text; null took the trait away.' },
      {
        name: 'is_newest',
        type: 'UInt8',
        comment:
          "1 for the newest of the person's words on it: what stands, unless the trait has another policy.",
      },
      { name: 'source', type: NAME, comment: 'Source that said it.' },
      { ...ANCHOR, comment: 'Identifier whose touchpoint said it.' },
      { name: 'event_id', type: 'UUID', comment: 'Touchpoint that said it; join with events.' },
      {
        name: 'occurred_at',
        type: TIME,
        comment: 'When it was said, clock of the sender corrected. UTC, ms.',
      },
      { name: 'recorded_at', type: TIME, comment: 'When Temas learned of it, log time. UTC, ms.' },
    ],
    key: ['event_id', 'trait'],
    select: (workspace, generation) =>
      [
        'SELECT workspace, profile_id, trait, value,',
        'toUInt8(row_number() OVER (PARTITION BY profile_id, trait',
        // The order of registers: time, then systems before devices, then the place in the batch, then the event id.
        "ORDER BY occurred_at DESC, trust = 'server' DESC, batch_index DESC, toString(event_id) DESC) = 1) AS is_newest,",
        'source, anchor_id, event_id, occurred_at, recorded_at',
        'FROM (SELECT e.workspace AS workspace, e.profile_id AS profile_id, pair.1 AS trait, pair.2 AS value,',
        'e.source AS source, e.anchor_id AS anchor_id, e.event_id AS event_id, e.occurred_at AS occurred_at,',
        'e.recorded_at AS recorded_at, e.trust AS trust, e.batch_index AS batch_index',
        `FROM (${events.select(workspace, generation)}) AS e`,
        'ARRAY JOIN JSONExtractKeysAndValuesRaw(e.traits) AS pair',
        "WHERE e.kind = 'identify' AND notEmpty(e.identifiers))",
      ].join(' '),
  };
}

/** What each source brought. */
export function sourceContributionsView(views: {
  readonly events: View;
  readonly identities: View;
  readonly decisions: View;
  readonly traits: View;
}): View {
  return {
    name: 'source_contributions',
    comment:
      'What a source brought: touchpoints, identifiers, traits, and what identity decided because of it.',
    columns: [
      WORKSPACE,
      { name: 'source', type: NAME, comment: "Source. Empty for decisions by operators' orders." },
      {
        name: 'contribution',
        type: NAME,
        comment:
          'events; identifiers (named before any other source); traits_current (it has the last word), traits_lost (another ' +
          'source has it); decisions (its touchpoints caused).',
      },
      {
        name: 'name',
        type: 'String',
        comment: 'Kind of the event, namespace, name of the trait, or kind of the decision.',
      },
      { name: 'count', type: 'UInt64', comment: 'How many; traits are counted once for each person.' },
    ],
    key: ['source', 'contribution', 'name'],
    select: (workspace, generation) => {
      const rows = (view: View): string => `(${view.select(workspace, generation)})`;
      const counted = (view: View, what: string, name: string): string =>
        [
          `SELECT toString(workspace) AS workspace, toString(source) AS source, '${what}' AS contribution,`,
          `toString(${name}) AS name, count() AS count FROM ${rows(view)} GROUP BY workspace, source, name`,
        ].join(' ');
      const traits = [
        'SELECT toString(workspace) AS workspace, toString(source) AS source,',
        "if(wins = 1, 'traits_current', 'traits_lost') AS contribution, trait AS name, count() AS count",
        'FROM (SELECT workspace, source, profile_id, trait, max(is_newest) AS wins',
        `FROM ${rows(views.traits)} GROUP BY workspace, source, profile_id, trait)`,
        'GROUP BY workspace, source, contribution, name',
      ].join(' ');
      const parts = [
        counted(views.events, 'events', 'kind'),
        counted(views.identities, 'identifiers', 'namespace'),
        counted(views.decisions, 'decisions', 'kind'),
        traits,
      ];
      return `SELECT workspace, source, contribution, name, count FROM (${parts.join(' UNION ALL ')})`;
    },
  };
}

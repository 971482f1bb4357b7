import type { Position, SourceName } from '#kernel';
import type { VerdictInput } from '#correction';
import type { Observation } from '#identity';
import type { OpenedTouchpoint } from './opened.ts';

/** What identity sees of a touchpoint. Guessed refs are no evidence, and it never sees them. */
export function observationOf({
  envelope,
  position,
}: Pick<OpenedTouchpoint, 'envelope' | 'position'>): Observation {
  const { workspace, source, eventId, at, index, recordRef } = envelope;
  const refs = envelope.refs.filter(({ derived }) => derived !== true);
  const observation = { workspace, source, eventId, position, at, index, refs };
  return recordRef === undefined ? observation : { ...observation, recordRef };
}

/** What identity sees of a confirmed guess: both identifiers, as of a system of record. */
export function observationOfVerdict(verdict: VerdictInput & { readonly position: Position }): Observation {
  const { workspace, eventId, position, at, from, to, fromNamespace, toNamespace } = verdict;
  return {
    workspace,
    // Only a snapshot's row is told apart by its source, and this is none.
    source: 'default' as SourceName,
    eventId,
    position,
    at,
    index: 0,
    refs: [
      { ns: fromNamespace, ref: from, strength: 2 },
      { ns: toNamespace, ref: to, strength: 2 },
    ],
  };
}

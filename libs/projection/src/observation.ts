import type { Position, SourceName } from '#kernel';
import type { VerdictInput } from '#correction';
import type { Observation } from '#identity';
import type { Envelope } from '#touchpoint';
import type { OpenedTouchpoint } from './opened.ts';

/** Asked when a touchpoint is foreseen and when it is folded: one object, because the matcher remembers how it read it. */
const observations = new WeakMap<Envelope, Observation>();

/** What identity sees of a touchpoint. Guessed refs are no evidence, and it never sees them. */
export function observationOf({
  envelope,
  position,
}: Pick<OpenedTouchpoint, 'envelope' | 'position'>): Observation {
  const held = observations.get(envelope);
  if (held?.position === position) return held;
  const { workspace, source, eventId, at, index, recordRef } = envelope;
  const refs = envelope.refs.filter(({ derived }) => derived !== true);
  const named = { workspace, source, eventId, position, at, index, refs };
  const observation = recordRef === undefined ? named : { ...named, recordRef };
  observations.set(envelope, observation);
  return observation;
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

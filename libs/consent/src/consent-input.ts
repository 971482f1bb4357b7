import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import { EVENT_NAMESPACE, TOUCHPOINT_NAMESPACE, type Envelope, type SealedBody } from '#touchpoint';

/** What a person agreed to and refused, by purpose. */
export type Choices = Readonly<Record<string, boolean>>;

/** What the fold gets for one explicit choice. */
export interface ConsentInput {
  readonly workspace: Workspace;
  readonly source: SourceName;
  readonly eventId: EventId;
  readonly position: Position;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  readonly index: number;
  /** Everybody and everything that the event names: the choice holds for each. Never empty. */
  readonly refs: readonly Ref[];
  readonly choices: Choices;
}

/** Purposes of one event, at most; further ones are not read. */
export const PURPOSES_MAX = 50;

const PURPOSE_LENGTH = 64;

/** Names of the events by which people choose: our own snippet's, and Segment's. */
const CHOICES: ReadonlySet<string> = new Set(['consent updated', 'segment consent preference updated']);

/**
 * Reads an opened touchpoint; `undefined` if nobody chooses in it. What every event carries of the state of consent
 * (`context.consent`) is no choice.
 */
export function consentInputOf(
  envelope: Envelope,
  body: SealedBody,
  position: Position,
): ConsentInput | undefined {
  const { event = '', properties, context } = body.payload;
  if (envelope.kind !== 'track' || !CHOICES.has(event.trim().toLowerCase())) return undefined;
  const consent = context?.consent as { categoryPreferences?: unknown } | null | undefined;
  const choices = choicesIn(properties?.categoryPreferences ?? consent?.categoryPreferences);
  const refs = envelope.refs
    .filter(({ ns }) => ns !== EVENT_NAMESPACE && ns !== TOUCHPOINT_NAMESPACE)
    .map(({ ref }) => ref);
  if (choices === undefined || refs.length === 0) return undefined;
  const { workspace, source, eventId, at, index } = envelope;
  return { workspace, source, eventId, position, at, index, refs, choices };
}

/** Google's Consent Mode writes words where Segment writes truth values. Anything else is no choice. */
const WORDS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['granted', true],
  ['denied', false],
]);

function choicesIn(preferences: unknown): Choices | undefined {
  if (typeof preferences !== 'object' || preferences === null || Array.isArray(preferences)) return undefined;
  const choices = Object.entries(preferences)
    .slice(0, PURPOSES_MAX)
    .flatMap(([purpose, word]) => {
      const granted = WORDS.get(word);
      const named = purpose !== '' && purpose.length <= PURPOSE_LENGTH;
      return granted === undefined || !named ? [] : [[purpose, granted] as const];
    });
  return choices.length === 0 ? undefined : Object.fromEntries(choices);
}

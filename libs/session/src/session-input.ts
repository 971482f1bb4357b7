import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import { namespaceRules, type Envelope, type EnvelopeKind, type SealedBody } from '#touchpoint';

/** What the fold gets for one opened touchpoint. */
export interface SessionInput {
  readonly workspace: Workspace;
  /** Whose activity it is: the first `anonymous_id`, else the anchor. */
  readonly device: Ref;
  readonly anchor: Ref;
  /** Priority of the anchor's namespace; 1 is the best. */
  readonly priority: number;
  readonly eventId: EventId;
  readonly position: Position;
  /** Event time, ms since 1970 UTC. */
  readonly at: number;
  /** Index in the batch. */
  readonly index: number;
  /** Path as the `events` table shows it; empty if there is none. May hold personal data. */
  readonly path: string;
  /** `context.campaign.name`; empty if there is none. */
  readonly campaign: string;
  readonly source: SourceName;
}

/** An `alias` tells that two identifiers are one person; nobody visited anything. */
const ACTIVITY: ReadonlySet<EnvelopeKind> = new Set(['track', 'page', 'screen', 'identify', 'group']);

/**
 * Reads an opened touchpoint. `undefined` where it belongs to no session: an unattributed one (`anchor` is `null`),
 * and every `alias`.
 */
export function sessionInputOf(
  envelope: Envelope,
  body: SealedBody,
  position: Position,
  anchor: Ref | null,
): SessionInput | undefined {
  const { workspace, source, eventId, kind, at, index, refs } = envelope;
  const anchored = refs.find(({ ref }) => ref === anchor);
  if (anchored === undefined || !ACTIVITY.has(kind)) return undefined;
  const context = objectOf(body.payload.context);
  return {
    workspace,
    device: (refs.find(({ ns }) => ns === 'anonymous_id') ?? anchored).ref,
    anchor: anchored.ref,
    priority: namespaceRules(anchored.ns).priority,
    eventId,
    position,
    at,
    index,
    path:
      (kind === 'page' ? text(objectOf(body.payload.properties).path) : '') ||
      text(objectOf(context.page).path),
    campaign: text(objectOf(context.campaign).name),
    source,
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

import { toJsonBytes, uuidV5 } from '#kernel';
import type { NewEvent, RecordedEvent } from '#event-log';
import type { Published } from './reconcile.ts';

/** Type of a correction: a decision that takes back earlier ones of its stream. */
export const DECISIONS_REVOKED = 'DecisionsRevoked';

/** Collection: by how many places the decisions of a stream stand after where the fold counts them. */
export const SHIFT = 'o.shift';

/** A correction that takes decisions back; `cause` names it. */
export function correction(cause: string, decisionIds: readonly string[]): NewEvent {
  return {
    id: uuidV5(cause, DECISIONS_REVOKED),
    type: DECISIONS_REVOKED,
    metadata: new Uint8Array(0),
    data: toJsonBytes({ decisionIds }),
  };
}

/** An event of a `profile-*` stream as a decision or a correction. */
export function publishedOf({ id, type, data }: RecordedEvent): Published {
  if (type !== DECISIONS_REVOKED) return { id };
  return { id, revokes: (JSON.parse(data.toString('utf8')) as { decisionIds: string[] }).decisionIds };
}

import type { NewEvent, RecordedEvent } from '#event-log';
import { toJsonBytes, uuidV5 } from '#kernel';
import type { EventId, Ref, Workspace } from '#kernel';
import type { Erasure, ErasureReport, ErasureSubject } from './erasure.ts';
import { UnreadableErasure } from './errors.ts';

/** Prefix of the streams that tell of erasures. */
export const SUBJECT_STREAMS = 'subject-';

/** A person is erased from here on. */
export const PERSON_ERASED = 'PersonErased';

/** Everything that an erasure asks for was done and looked at. */
export const ERASURE_FINISHED = 'ErasureFinished';

/** Version of the events' bodies. Raised with every change that an older reader would get wrong. */
const SCHEMA = 1;

/** The stream of a profile's erasure, named after its first identifier: a second erasure of it finds the first. */
export function subjectStream(workspace: Workspace, ref: Ref): string {
  return `${SUBJECT_STREAMS}${workspace}.${ref}`;
}

/** What a `subject-` stream tells. */
export type SubjectEvent =
  | { readonly type: typeof PERSON_ERASED; readonly erasure: Erasure }
  | { readonly type: typeof ERASURE_FINISHED; readonly at: number; readonly report: ErasureReport };

type ErasedBody = Omit<Erasure, 'erasureId' | 'workspace' | 'position'> & { readonly schema: number };

/** The order as an event. */
export function personErased(
  erasureId: EventId,
  subject: ErasureSubject,
  by: Pick<Erasure, 'actor' | 'reason' | 'at'>,
): NewEvent {
  const { profileId, profiles, refs, guessed, kept, sharedWith } = subject;
  const { actor, reason, at } = by;
  const body = { schema: SCHEMA, actor, reason, at, profileId, profiles, refs, guessed, kept, sharedWith };
  return event(erasureId, PERSON_ERASED, body);
}

/** The end of an erasure as an event. Its id follows from the erasure: told twice, it stands once. */
export function erasureFinished(erasureId: EventId, at: number, report: ErasureReport): NewEvent {
  return event(uuidV5(erasureId, ERASURE_FINISHED), ERASURE_FINISHED, { schema: SCHEMA, at, report });
}

/**
 * Reads an event of a `subject-` stream; `undefined` for events of other streams and other types. Throws
 * `UnreadableErasure` for one of a newer version.
 */
export function decodeSubjectEvent(recorded: RecordedEvent): SubjectEvent | undefined {
  const { stream, type, id, position, data } = recorded;
  if (!stream.startsWith(SUBJECT_STREAMS)) return undefined;
  if (type !== PERSON_ERASED && type !== ERASURE_FINISHED) return undefined;
  const body = JSON.parse(data.toString('utf8')) as { readonly schema: number };
  if (body.schema !== SCHEMA) throw new UnreadableErasure(type, body.schema);
  if (type === ERASURE_FINISHED) {
    const { at, report } = body as unknown as { at: number; report: ErasureReport };
    return { type, at, report };
  }
  const { actor, reason, at, profileId, profiles, refs, guessed, kept, sharedWith } = body as ErasedBody;
  const workspace = stream.slice(SUBJECT_STREAMS.length, stream.lastIndexOf('.')) as Workspace;
  const subject = { profileId, profiles, refs, guessed, kept, sharedWith };
  return { type, erasure: { erasureId: id as EventId, workspace, position, actor, reason, at, ...subject } };
}

function event(id: string, type: string, body: object): NewEvent {
  return { id, type, metadata: new Uint8Array(0), data: toJsonBytes(body) };
}

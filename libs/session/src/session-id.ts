import { uuidV5, workspaceNamespace, type Brand, type EventId, type Ref, type Workspace } from '#kernel';

/** Id of a session: a lower-case UUIDv5. */
export type SessionId = Brand<string, 'SessionId'>;

/** Id of the session that an event founds at a device: the same log gives the same ids. */
export function sessionIdOf(workspace: Workspace, device: Ref, founding: EventId): SessionId {
  return uuidV5(workspaceNamespace(workspace), `session:${device}:${founding}`) as SessionId;
}

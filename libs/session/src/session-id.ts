import { TEMAS_NAMESPACE, uuidV5, type Brand, type EventId, type Ref, type Workspace } from '#kernel';

/** Id of a session: a lower-case UUIDv5. */
export type SessionId = Brand<string, 'SessionId'>;

/** UUIDv5 per workspace: half of the hashing, and there are few workspaces. */
const namespaces = new Map<Workspace, string>();

/** Id of the session that an event founds at a device: the same log gives the same ids. */
export function sessionIdOf(workspace: Workspace, device: Ref, founding: EventId): SessionId {
  let namespace = namespaces.get(workspace);
  if (namespace === undefined) {
    namespace = uuidV5(TEMAS_NAMESPACE, workspace);
    namespaces.set(workspace, namespace);
  }
  return uuidV5(namespace, `session:${device}:${founding}`) as SessionId;
}

import { uuidV5, workspaceNamespace, type ProfileId, type Ref, type Workspace } from '#kernel';

/** Id of the profile that `founding` founds: UUIDv5 under the workspace, so every rebuild gives the same one. */
export function profileIdOf(workspace: Workspace, founding: Ref): ProfileId {
  return uuidV5(workspaceNamespace(workspace), founding) as ProfileId;
}

/** Prefix of the streams that hold decisions about profiles. */
export const PROFILE_STREAMS = 'profile-';

/** Stream in which decisions about a profile are published. */
export function profileStream(workspace: Workspace, profileId: ProfileId): string {
  return `${PROFILE_STREAMS}${workspace}.${profileId}`;
}

/** The profile whose decisions a stream holds. */
export function profileOfStream(stream: string): ProfileId {
  return stream.slice(stream.indexOf('.') + 1) as ProfileId;
}

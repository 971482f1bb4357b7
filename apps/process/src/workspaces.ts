import type { SourceName, Workspace } from '#kernel';

/** Workspaces that processes serve. */
export const WORKSPACES: readonly Workspace[] = ['default' as Workspace];

/** The workspace that keys of the environment belong to. */
export const HOME = WORKSPACES[0] as Workspace;

/** Source of the write key of the environment. */
export const HOME_SOURCE = 'default' as SourceName;

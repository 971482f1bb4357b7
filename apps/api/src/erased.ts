import { identityReader } from '#identity';
import type { ProfileId, Workspace } from '#kernel';
import type { StateStore } from '#state-store';
import { problem } from './access.ts';

/** Throws 410 if the person that an id leads to was erased: there is nothing of theirs to show, of no time. */
export async function refuseErased(state: StateStore, workspace: Workspace, id: ProfileId): Promise<void> {
  const identity = identityReader(state);
  if ((await identity.isErased(id)) && (await identity.membership(id))?.workspace === workspace)
    throw problem(410, 'erased: this person was erased, and nothing of theirs is left to show', {
      code: 'erased',
    });
}

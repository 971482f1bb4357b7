import type { ProfileId } from '#kernel';
import { problem } from './access.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The profile id that a path names. Throws 400 if it is none. */
export function profileIdIn(id: string): ProfileId {
  const uuid = id.toLowerCase();
  if (!UUID.test(uuid)) throw problem(400, 'the profile id must be a UUID');
  return uuid as ProfileId;
}

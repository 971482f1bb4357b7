import type { ConfigFollower } from '#config';
import { parsePosition } from '#kernel';
import { problem } from './access.ts';
import type { AfterQuery } from './read-your-writes.ts';

const DEFAULT_WAIT_S = 10;
const MAX_WAIT_S = 60;

/** Waits until the configuration has come to `?after=`. Throws 400 for a malformed parameter and 504 with the lag. */
export async function waitForConfig(
  follower: ConfigFollower,
  { after, wait = `${DEFAULT_WAIT_S}` }: AfterQuery,
): Promise<void> {
  if (after === undefined) return;
  const position = parsePosition(after);
  if (position === undefined)
    throw problem(400, '"after" must be a log position: an unsigned decimal number');
  const seconds = Number(wait);
  if (!(seconds >= 0 && seconds <= MAX_WAIT_S)) {
    throw problem(400, `"wait" must be 0 to ${MAX_WAIT_S} seconds`);
  }
  try {
    await follower.settled(position, seconds * 1000);
  } catch {
    throw problem(504, `the configuration has not come to ${after} in ${seconds} s; ask again`, {
      after,
      position: follower.position.toString(),
      lag: (position - follower.position).toString(),
    });
  }
}

import { recall, remember } from './memory.ts';
import { randomId } from './random-id.ts';

/** A visit ends after this long without a call, ms. */
const SESSION_PAUSE = 1_800_000;

/** How old the time in the cookie may become, ms: a write per call would cost more than the call. */
const REWRITE_AFTER = 10_000;

/** Device id: the one value that a server may keep alive by a cookie of its own. */
export const ID = 'temas_id';
/** `<session>~<time of a late call, ms>~<user id>` */
export const VISIT = 'temas_s';
/** Session for which the server was asked to keep the device id. */
export const KEPT = 'temas_k';

/** Who is in front of the page at `now`, ms since 1970; shared by the tabs of a site. A `userId` given here stays. */
export function visitorAt(
  now: number,
  newUserId = '',
): { anonymousId: string; session: string; userId: string } {
  let anonymousId = recall(ID);
  if (!anonymousId) remember(ID, (anonymousId = randomId()));
  const [known = '', last = 0, ...rest] = (recall(VISIT) || '').split('~');
  const pause = now - +last;
  const session = pause > SESSION_PAUSE ? randomId() : known;
  const userId = newUserId || rest.join('~');
  if (pause > REWRITE_AFTER || newUserId) remember(VISIT, session + '~' + now + '~' + userId);
  return { anonymousId, session, userId };
}

/** Forgets the visitor; whoever comes next has new ids. */
export function forgetVisitor(): void {
  [ID, VISIT, KEPT].forEach((name) => remember(name, ''));
}

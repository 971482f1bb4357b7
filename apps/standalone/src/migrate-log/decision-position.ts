import { PROFILE_STREAMS } from '#identity';
import { toJsonBytes } from '#kernel';

/** The one place where an event's body names a position: the cause of a decision, in the streams of profiles. */
interface Caused {
  position?: string;
}

/**
 * The body of an event with the position of its cause put through `translate`; any other body as it is. `undefined` from
 * `translate` leaves the position out.
 */
export function withCause(
  stream: string,
  data: Uint8Array,
  translate: (position: bigint) => bigint | undefined,
): Uint8Array {
  if (!stream.startsWith(PROFILE_STREAMS)) return data;
  const body = JSON.parse(Buffer.from(data).toString('utf8')) as Caused;
  if (body.position === undefined) return data;
  const position = translate(BigInt(body.position));
  // Set in its place, or the order of the members would change.
  if (position === undefined) delete body.position;
  else body.position = position.toString();
  return toJsonBytes(body);
}

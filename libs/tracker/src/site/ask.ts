import type { TrackerOptions } from '../tracker-api.ts';

/** Asks the server something about the visitor; `undefined` if it refuses or there is no answer. */
export async function ask(
  { host, key }: TrackerOptions,
  what: 'cookie' | 'handover' | 'handover/redeem',
  more: Readonly<Record<string, string>>,
): Promise<Response | undefined> {
  try {
    const answer = await fetch(`${host}/e/v1/${what}`, {
      method: 'POST',
      body: JSON.stringify({ writeKey: key, ...more }),
      // Not `keepalive`: a cookie that comes after the page would bring back whom a last refusal has forgotten.
      credentials: what === 'cookie' ? 'include' : 'omit',
    });
    return answer.ok ? answer : undefined;
  } catch {
    return undefined;
  }
}

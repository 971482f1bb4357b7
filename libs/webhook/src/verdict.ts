import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a delivery is the vendor's. The message is for the operator's log and holds nothing of the delivery. */
export type Verdict =
  { readonly outcome: 'genuine' } | { readonly outcome: 'forged'; readonly message: string };

/** A signed time further from ours than this, ms, is refused: somebody may replay what they once saw. */
export const TOLERANCE_MS = 300_000;

/** The delivery is the vendor's. */
export const GENUINE: Verdict = { outcome: 'genuine' };

/** The delivery is not the vendor's, or nobody can tell. */
export function forged(message: string): Verdict {
  return { outcome: 'forged', message };
}

/** HMAC over the parts in order. */
export function hmac(
  algorithm: 'sha256' | 'sha1',
  key: string | Buffer,
  ...parts: readonly (string | Buffer)[]
): Buffer {
  const hash = createHmac(algorithm, key);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Whether one of the signatures is the expected digest, in constant time. */
export function matches(given: readonly (string | undefined)[], expected: Buffer, header: string): Verdict {
  const signatures = given.filter((each) => each !== undefined);
  if (signatures.length === 0) return forged(`${header} is missing`);
  const genuine = signatures.some((each) => isDigest(each, expected));
  return genuine ? GENUINE : forged(`${header} does not fit the body and the secret`);
}

/** Hex or base64, with or without the name of the algorithm in front. */
function isDigest(signature: string, expected: Buffer): boolean {
  const text = signature.trim().replace(/^(?:sha256|sha1|v0|v1)=/i, '');
  const isHex = text.length === expected.length * 2 && /^[0-9a-f]+$/i.test(text);
  const digest = Buffer.from(text, isHex ? 'hex' : 'base64');
  return digest.length === expected.length && timingSafeEqual(digest, expected);
}

/** Why a signed time (ms since 1970, `undefined` if it is none) is not now; `undefined` if it is. */
export function untimely(
  signed: number | undefined,
  now: number,
  header: string,
  tolerance = TOLERANCE_MS,
): Verdict | undefined {
  if (signed === undefined) return forged(`${header} is no time`);
  return Math.abs(now - signed) > tolerance
    ? forged(`${header} is more than ${tolerance / 60_000} minutes from now`)
    : undefined;
}

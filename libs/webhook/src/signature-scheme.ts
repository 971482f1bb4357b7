import { isObject } from './json.ts';
import type { Problem } from './problem.ts';

/** Schemes that need nothing but their secret. */
export const SIGNATURE_SCHEMES = ['shopify', 'sendgrid', 'customerio', 'standard', 'basic'] as const;

/**
 * How deliveries of a source are signed. The secret is, by scheme: the app's client secret (`shopify`), the public
 * verification key (`sendgrid`), the signing key (`customerio`), `whsec_…` (`standard`, the Standard Webhooks
 * specification), `user:password` of the address (`basic`, for vendors that sign nothing), the key of an HMAC-SHA-256
 * over the raw body whose hex or base64 stands in `header` (`hmac_sha256`).
 */
export type SignatureScheme =
  | { readonly name: (typeof SIGNATURE_SCHEMES)[number] }
  | { readonly name: 'hmac_sha256'; readonly header: string };

/** A scheme, or what is wrong with it. */
export type ParsedScheme =
  | { readonly outcome: 'valid'; readonly scheme: SignatureScheme }
  | { readonly outcome: 'invalid'; readonly problems: readonly Problem[] };

const HEADER = /^[A-Za-z0-9-]{1,64}$/;

/** Reads a scheme as the API gets it. Unknown members are refused: a misspelt one would weaken the check unseen. */
export function parseSignatureScheme(value: unknown): ParsedScheme {
  if (!isObject(value)) return invalid('', 'must be an object with a name');
  const { name, header, ...rest } = value;
  const unknown = Object.keys(rest).map((field) => ({ field, message: 'is unknown' }));
  if (unknown.length > 0) return { outcome: 'invalid', problems: unknown };
  const simple = SIGNATURE_SCHEMES.find((each) => each === name);
  if (simple !== undefined) {
    return header === undefined
      ? { outcome: 'valid', scheme: { name: simple } }
      : invalid('header', 'belongs to hmac_sha256 only');
  }
  if (name !== 'hmac_sha256') {
    return invalid('name', `must be one of ${[...SIGNATURE_SCHEMES, 'hmac_sha256'].join(', ')}`);
  }
  if (typeof header !== 'string' || !HEADER.test(header)) {
    return invalid('header', 'must name the header with the signature, such as X-Signature');
  }
  return { outcome: 'valid', scheme: { name, header: header.toLowerCase() } };
}

function invalid(field: string, message: string): ParsedScheme {
  return { outcome: 'invalid', problems: [{ field, message }] };
}

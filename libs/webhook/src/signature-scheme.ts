import { isObject } from './json.ts';
import type { Problem } from './problem.ts';

/** Schemes that need nothing but their secret. */
export const SIGNATURE_SCHEMES = [
  ...(['shopify', 'woocommerce', 'sendgrid', 'customerio', 'standard', 'basic'] as const),
  ...(['stripe', 'calendly', 'hubspot', 'twilio', 'mandrill', 'mailgun', 'zendesk'] as const),
] as const;

/** HMACs over the raw body, for vendors that put nothing else into it. */
const HMACS = ['hmac_sha256', 'hmac_sha1'] as const;

/**
 * How deliveries of a source are signed. The secret is, by scheme: the app's client secret (`shopify`, `hubspot`), the
 * public verification key (`sendgrid`), the signing key (`customerio`, `calendly`, `mailgun`, `zendesk`), that of the
 * webhook (`woocommerce`, `mandrill`), `whsec_…` (`stripe`; `standard`, the Standard Webhooks specification), the
 * account's auth token (`twilio`), `user:password` of the address (`basic`, for vendors that sign nothing), the key of
 * an HMAC over the raw body whose hex or base64 stands in `header` (`hmac_sha256`, `hmac_sha1`).
 */
export type SignatureScheme =
  | { readonly name: (typeof SIGNATURE_SCHEMES)[number] }
  | { readonly name: (typeof HMACS)[number]; readonly header: string };

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
      : invalid('header', `belongs to ${HMACS.join(' and ')} only`);
  }
  const hmac = HMACS.find((each) => each === name);
  if (hmac === undefined) {
    return invalid('name', `must be one of ${[...SIGNATURE_SCHEMES, ...HMACS].join(', ')}`);
  }
  if (typeof header !== 'string' || !HEADER.test(header)) {
    return invalid('header', 'must name the header with the signature, such as X-Signature');
  }
  return { outcome: 'valid', scheme: { name: hmac, header: header.toLowerCase() } };
}

function invalid(field: string, message: string): ParsedScheme {
  return { outcome: 'invalid', problems: [{ field, message }] };
}

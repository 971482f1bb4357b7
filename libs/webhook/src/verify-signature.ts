import {
  createHash,
  createHmac,
  createPublicKey,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { SignatureScheme } from './signature-scheme.ts';
import { headerOf, type Headers } from './topic.ts';

/** A delivery as it came: the body before decompression or parsing. */
export interface SignedDelivery {
  readonly headers: Headers;
  readonly rawBody: Buffer;
}

/** Whether a delivery is the vendor's. The message is for the operator's log and holds nothing of the delivery. */
export type Verdict =
  { readonly outcome: 'genuine' } | { readonly outcome: 'forged'; readonly message: string };

/** A signed time further from ours than this, ms, is refused: somebody may replay what they once saw. */
export const TOLERANCE_MS = 300_000;

const GENUINE: Verdict = { outcome: 'genuine' };

/** Checks the signature of a delivery; `now` is in ms since 1970 UTC. Compares in constant time and never throws. */
export function verifySignature(
  scheme: SignatureScheme,
  secret: string,
  delivery: SignedDelivery,
  now: number,
): Verdict {
  if (secret === '') return forged('the source has no secret');
  const { headers, rawBody } = delivery;
  switch (scheme.name) {
    case 'shopify':
      return matches(
        [headerOf(headers, 'x-shopify-hmac-sha256')],
        hmac(secret, rawBody),
        'X-Shopify-Hmac-Sha256',
      );
    case 'hmac_sha256':
      return matches([headerOf(headers, scheme.header)], hmac(secret, rawBody), scheme.header);
    case 'customerio': {
      const timestamp = headerOf(headers, 'x-cio-timestamp');
      const late = untimely(timestamp, now, 'X-CIO-Timestamp');
      if (late !== undefined) return late;
      const expected = hmac(secret, `v0:${timestamp}:`, rawBody);
      return matches([headerOf(headers, 'x-cio-signature')], expected, 'X-CIO-Signature');
    }
    case 'standard':
      return standard(secret, delivery, now);
    case 'sendgrid':
      return sendgrid(secret, delivery, now);
    case 'basic':
      return basic(secret, headerOf(headers, 'authorization'));
  }
}

function forged(message: string): Verdict {
  return { outcome: 'forged', message };
}

function hmac(key: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function matches(given: readonly (string | undefined)[], expected: Buffer, header: string): Verdict {
  const signatures = given.filter((each) => each !== undefined);
  if (signatures.length === 0) return forged(`${header} is missing`);
  const genuine = signatures.some((each) => isDigest(each, expected));
  return genuine ? GENUINE : forged(`${header} does not fit the body and the secret`);
}

/** Hex or base64, with or without the name of the algorithm in front. */
function isDigest(signature: string, expected: Buffer): boolean {
  const text = signature.trim().replace(/^(?:sha256|v0|v1)=/i, '');
  const digest = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  return digest.length === expected.length && timingSafeEqual(digest, expected);
}

function untimely(timestamp: string | undefined, now: number, header: string): Verdict | undefined {
  if (timestamp === undefined) return forged(`${header} is missing`);
  if (!/^\d{1,12}$/.test(timestamp)) return forged(`${header} is no Unix time`);
  const distance = Math.abs(now - Number(timestamp) * 1_000);
  return distance > TOLERANCE_MS
    ? forged(`${header} is more than ${TOLERANCE_MS / 60_000} minutes from now`)
    : undefined;
}

/** Standard Webhooks; the older header names of the same scheme are those of Svix. */
function standard(secret: string, { headers, rawBody }: SignedDelivery, now: number): Verdict {
  const header = (name: string): string | undefined =>
    headerOf(headers, `webhook-${name}`) ?? headerOf(headers, `svix-${name}`);
  const id = header('id');
  const timestamp = header('timestamp');
  const signature = header('signature');
  if (id === undefined || signature === undefined)
    return forged('webhook-id or webhook-signature is missing');
  const late = untimely(timestamp, now, 'webhook-timestamp');
  if (late !== undefined) return late;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length === 0) return forged('the secret of the source is no base64');
  const signatures = signature.split(' ').flatMap((each) => (each.startsWith('v1,') ? [each.slice(3)] : []));
  return matches(signatures, hmac(key, `${id}.${timestamp}.`, rawBody), 'webhook-signature');
}

function sendgrid(secret: string, { headers, rawBody }: SignedDelivery, now: number): Verdict {
  const timestamp = headerOf(headers, 'x-twilio-email-event-webhook-timestamp');
  const signature = headerOf(headers, 'x-twilio-email-event-webhook-signature');
  const late = untimely(timestamp, now, 'X-Twilio-Email-Event-Webhook-Timestamp');
  if (late !== undefined) return late;
  if (signature === undefined) return forged('X-Twilio-Email-Event-Webhook-Signature is missing');
  const key = publicKey(secret);
  if (key === undefined) return forged('the secret of the source is no public key of SendGrid');
  const signed = Buffer.concat([Buffer.from(timestamp ?? ''), rawBody]);
  return verify('sha256', signed, key, Buffer.from(signature, 'base64'))
    ? GENUINE
    : forged('X-Twilio-Email-Event-Webhook-Signature does not fit the body and the key');
}

/** As the vendor shows it (base64 of DER) or as PEM. */
function publicKey(secret: string): KeyObject | undefined {
  try {
    const der = secret.replace(/-----[A-Z ]+-----|\s/g, '');
    const key = createPublicKey({ key: Buffer.from(der, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Hashes first, so that neither content nor length of the right one shows in the time. */
function basic(secret: string, authorization: string | undefined): Verdict {
  if (authorization === undefined) return forged('Authorization is missing');
  const given = /^basic +([a-z0-9+/=_-]+)$/i.exec(authorization.trim())?.[1];
  if (given === undefined) return forged('Authorization is not Basic');
  const digest = (text: Buffer | string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(Buffer.from(given, 'base64')), digest(secret))
    ? GENUINE
    : forged('user or password is wrong');
}

import { createHash, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { hubspot, mandrill, twilio } from './address-signatures.ts';
import type { SignedDelivery } from './signed-delivery.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { mailgun, timedList, unixTime, zendesk } from './timed-signatures.ts';
import { headerOf } from './topic.ts';
import { forged, GENUINE, hmac, matches, untimely, type Verdict } from './verdict.ts';

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
      return overBody('sha256', secret, delivery, 'X-Shopify-Hmac-Sha256');
    case 'woocommerce':
      return overBody('sha256', secret, delivery, 'X-WC-Webhook-Signature');
    case 'hmac_sha256':
      return overBody('sha256', secret, delivery, scheme.header);
    case 'hmac_sha1':
      return overBody('sha1', secret, delivery, scheme.header);
    case 'customerio': {
      const timestamp = headerOf(headers, 'x-cio-timestamp');
      const late = untimely(unixTime(timestamp), now, 'X-CIO-Timestamp');
      if (late !== undefined) return late;
      const expected = hmac('sha256', secret, `v0:${timestamp}:`, rawBody);
      return matches([headerOf(headers, 'x-cio-signature')], expected, 'X-CIO-Signature');
    }
    case 'stripe':
      return timedList(secret, delivery, now, 'Stripe-Signature');
    case 'calendly':
      return timedList(secret, delivery, now, 'Calendly-Webhook-Signature');
    case 'hubspot':
      return hubspot(secret, delivery, now);
    case 'twilio':
      return twilio(secret, delivery);
    case 'mandrill':
      return mandrill(secret, delivery);
    case 'mailgun':
      return mailgun(secret, delivery, now);
    case 'zendesk':
      return zendesk(secret, delivery, now);
    case 'standard':
      return standard(secret, delivery, now);
    case 'sendgrid':
      return sendgrid(secret, delivery, now);
    case 'basic':
      return basic(secret, headerOf(headers, 'authorization'));
  }
}

function overBody(
  algorithm: 'sha256' | 'sha1',
  secret: string,
  { headers, rawBody }: SignedDelivery,
  header: string,
): Verdict {
  return matches([headerOf(headers, header.toLowerCase())], hmac(algorithm, secret, rawBody), header);
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
  const late = untimely(unixTime(timestamp), now, 'webhook-timestamp');
  if (late !== undefined) return late;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length === 0) return forged('the secret of the source is no base64');
  const signatures = signature.split(' ').flatMap((each) => (each.startsWith('v1,') ? [each.slice(3)] : []));
  return matches(signatures, hmac('sha256', key, `${id}.${timestamp}.`, rawBody), 'webhook-signature');
}

function sendgrid(secret: string, { headers, rawBody }: SignedDelivery, now: number): Verdict {
  const timestamp = headerOf(headers, 'x-twilio-email-event-webhook-timestamp');
  const signature = headerOf(headers, 'x-twilio-email-event-webhook-signature');
  const late = untimely(unixTime(timestamp), now, 'X-Twilio-Email-Event-Webhook-Timestamp');
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

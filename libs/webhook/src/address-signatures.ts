import { createHash } from 'node:crypto';
import { headerOf } from './topic.ts';
import { forged, hmac, matches, untimely, type Verdict } from './verdict.ts';
import type { SignedDelivery } from './signed-delivery.ts';

/** Twilio: the address, then the fields of the form by name; of JSON the address holds a digest. */
export function twilio(secret: string, delivery: SignedDelivery): Verdict {
  const { address, rawBody, headers } = delivery;
  const given = headerOf(headers, 'x-twilio-signature');
  const digest = /[?&]bodySHA256=([0-9a-f]{64})(?:&|$)/i.exec(address)?.[1]?.toLowerCase();
  if (digest === undefined) return signedForm(secret, delivery, given, 'X-Twilio-Signature');
  if (createHash('sha256').update(rawBody).digest('hex') !== digest) {
    return forged('bodySHA256 in the address does not fit the body');
  }
  return matches([given], hmac('sha1', secret, address), 'X-Twilio-Signature');
}

/** Mailchimp Transactional: as Twilio's forms. */
export function mandrill(secret: string, delivery: SignedDelivery): Verdict {
  const given = headerOf(delivery.headers, 'x-mandrill-signature');
  return signedForm(secret, delivery, given, 'X-Mandrill-Signature');
}

function signedForm(
  secret: string,
  { address, rawBody }: SignedDelivery,
  given: string | undefined,
  header: string,
): Verdict {
  const fields = [...new URLSearchParams(rawBody.toString('utf8'))].sort(([a], [b]) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  return matches([given], hmac('sha1', secret, address, ...fields.flat()), header);
}

/** HubSpot, version 3: method, address, body and time. */
export function hubspot(secret: string, { headers, rawBody, address }: SignedDelivery, now: number): Verdict {
  const timestamp = headerOf(headers, 'x-hubspot-request-timestamp') ?? '';
  const signed = /^\d{13}$/.test(timestamp) ? Number(timestamp) : undefined;
  const late = untimely(signed, now, 'X-HubSpot-Request-Timestamp');
  if (late !== undefined) return late;
  const expected = hmac('sha256', secret, `POST${address}`, rawBody, timestamp);
  return matches([headerOf(headers, 'x-hubspot-signature-v3')], expected, 'X-HubSpot-Signature-v3');
}

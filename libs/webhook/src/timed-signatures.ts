import { isObject, objectOf, textOf, type JsonObject } from './json.ts';
import { parseExactJson } from './exact-json.ts';
import { headerOf } from './topic.ts';
import { forged, hmac, matches, untimely, type Verdict } from './verdict.ts';
import type { SignedDelivery } from './signed-delivery.ts';

/** Milliseconds of Unix seconds in text; `undefined` if it is none. */
export function unixTime(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : undefined;
}

/** Stripe and those who do as it does: `t=…,v1=…`, several of the latter while a secret is changed. */
export function timedList(secret: string, delivery: SignedDelivery, now: number, header: string): Verdict {
  const given = headerOf(delivery.headers, header.toLowerCase());
  if (given === undefined) return forged(`${header} is missing`);
  const parts = given.split(',').map((part) => part.trim());
  const timestamp = parts.find((part) => part.startsWith('t='))?.slice(2);
  const late = untimely(unixTime(timestamp), now, `t of ${header}`);
  if (late !== undefined) return late;
  const expected = hmac('sha256', secret, `${timestamp}.`, delivery.rawBody);
  return matches(
    parts.filter((part) => part.startsWith('v1=')),
    expected,
    header,
  );
}

/** Zendesk: its time is ISO 8601. */
export function zendesk(secret: string, { headers, rawBody }: SignedDelivery, now: number): Verdict {
  const timestamp = headerOf(headers, 'x-zendesk-webhook-signature-timestamp') ?? '';
  const signed = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  const late = untimely(
    Number.isNaN(signed) ? undefined : signed,
    now,
    'X-Zendesk-Webhook-Signature-Timestamp',
  );
  if (late !== undefined) return late;
  const given = headerOf(headers, 'x-zendesk-webhook-signature');
  return matches([given], hmac('sha256', secret, timestamp, rawBody), 'X-Zendesk-Webhook-Signature');
}

/** Mailgun sends the same again for eight hours. */
const MAILGUN_TOLERANCE_MS = 24 * 3_600_000;

/** Mailgun signs a time and a token inside the body, not the rest of it. */
export function mailgun(secret: string, { rawBody }: SignedDelivery, now: number): Verdict {
  const { timestamp, token, signature } = signatureIn(rawBody.toString('utf8'));
  const time = textOf(timestamp);
  const late = untimely(unixTime(time), now, 'signature.timestamp of the body', MAILGUN_TOLERANCE_MS);
  if (late !== undefined) return late;
  const expected = hmac('sha256', secret, `${time}${textOf(token) ?? ''}`);
  return matches([textOf(signature)], expected, 'signature of the body');
}

function signatureIn(text: string): JsonObject {
  if (!text.trimStart().startsWith('{')) return Object.fromEntries(new URLSearchParams(text));
  try {
    const body = parseExactJson(text);
    return isObject(body) ? objectOf(body.signature) : {};
  } catch {
    return {};
  }
}

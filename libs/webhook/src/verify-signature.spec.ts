import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { parseSignatureScheme, type SignatureScheme } from './signature-scheme.ts';
import type { Headers } from './topic.ts';
import { verifySignature } from './verify-signature.ts';

function check(
  scheme: SignatureScheme,
  secret: string,
  headers: Headers,
  body: string,
  now = 0,
  address = 'https://cdp.example/v1/sources/k/webhook',
): string {
  const verdict = verifySignature(scheme, secret, { headers, rawBody: Buffer.from(body), address }, now);
  return verdict.outcome === 'genuine' ? 'genuine' : verdict.message;
}

const hex = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');
const base64 = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('base64');

describe('values that the vendors publish', () => {
  it('Standard Webhooks', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body = '{"test": 2432232314}';
    const now = 1614265330_000;
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature':
        'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    expect(check({ name: 'standard' }, secret, headers, body, now)).toBe('genuine');
    expect(check({ name: 'standard' }, secret, headers, `${body} `, now)).toMatch(/does not fit/);
    expect(check({ name: 'standard' }, secret, headers, body, now + 300_001)).toMatch(/5 minutes/);
    expect(check({ name: 'standard' }, secret, headers, body, now - 300_001)).toMatch(/5 minutes/);
    expect(check({ name: 'standard' }, 'whsec_', headers, body, now)).toMatch(/base64/);
    const signed = new Webhook(secret).sign('m1', new Date(now), 'ı');
    const fresh = { 'webhook-id': 'm1', 'webhook-timestamp': '1614265330', 'webhook-signature': signed };
    expect(check({ name: 'standard' }, secret, fresh, 'ı', now)).toBe('genuine');
  });

  it('SendGrid', () => {
    const key =
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==';
    const headers = {
      'x-twilio-email-event-webhook-timestamp': '1588788367',
      'x-twilio-email-event-webhook-signature':
        'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=',
    };
    const body = '{"category":"example_payload","event":"test_event","message_id":"message_id"}';
    const now = 1588788367_000;
    expect(check({ name: 'sendgrid' }, key, headers, body, now)).toBe('genuine');
    const pem = `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----\n`;
    expect(check({ name: 'sendgrid' }, pem, headers, body, now)).toBe('genuine');
    expect(check({ name: 'sendgrid' }, key, headers, `${body}\r\n`, now)).toMatch(/does not fit/);
    expect(check({ name: 'sendgrid' }, key, headers, body, now + 400_000)).toMatch(/5 minutes/);
    expect(check({ name: 'sendgrid' }, 'no key', headers, body, now)).toMatch(/no public key/);
    const broken = { ...headers, 'x-twilio-email-event-webhook-signature': 'AAAA' };
    expect(check({ name: 'sendgrid' }, key, broken, body, now)).toMatch(/does not fit/);
  });

  it("GitHub's as any HMAC", () => {
    const scheme = { name: 'hmac_sha256', header: 'x-hub-signature-256' } as const;
    const secret = "It's a Secret to Everybody";
    const digest = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(check(scheme, secret, { 'X-Hub-Signature-256': `sha256=${digest}` }, 'Hello, World!')).toBe(
      'genuine',
    );
    expect(check(scheme, secret, { 'x-hub-signature-256': digest.toUpperCase() }, 'Hello, World!')).toBe(
      'genuine',
    );
    expect(
      check(scheme, secret, { 'x-hub-signature-256': base64(secret, 'Hello, World!') }, 'Hello, World!'),
    ).toBe('genuine');
    expect(check(scheme, secret, {}, 'Hello, World!')).toMatch(/missing/);
    expect(check(scheme, '', { 'x-hub-signature-256': hex('', 'x') }, 'x')).toMatch(/no secret/);
  });
});

describe('schemes over more than the body', () => {
  it('Stripe and Calendly', () => {
    const digest = hex('whsec_x', '1700000000.{"a":1}');
    const headers = { 'Stripe-Signature': `t=1700000000,v1=${hex('old', 'x')},v1=${digest},v0=6ffbb5` };
    const now = 1700000000_000;
    expect(check({ name: 'stripe' }, 'whsec_x', headers, '{"a":1}', now)).toBe('genuine');
    expect(check({ name: 'stripe' }, 'whsec_x', headers, '{"a":2}', now)).toMatch(/does not fit/);
    expect(check({ name: 'stripe' }, 'whsec_x', headers, '{"a":1}', now + 300_001)).toMatch(/5 minutes/);
    expect(check({ name: 'stripe' }, 'whsec_x', {}, '{"a":1}', now)).toMatch(/missing/);
    expect(check({ name: 'stripe' }, 'whsec_x', { 'stripe-signature': 'v1=a' }, '', now)).toMatch(/no time/);
    const calendly = { 'calendly-webhook-signature': `t=1700000000,v1=${hex('key', '1700000000.{}')}` };
    expect(check({ name: 'calendly' }, 'key', calendly, '{}', now)).toBe('genuine');
  });

  it("Twilio: the vendor's published example of a form, and JSON by its digest", () => {
    const address = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    const body =
      'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212';
    const headers = { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' };
    expect(check({ name: 'twilio' }, '12345', headers, body, 0, address)).toBe('genuine');
    const form = 'To=%2B18005551212&From=%2B14158675310';
    const signed = createHmac('sha1', 'token').update(`${address}From+14158675310To+18005551212`);
    const given = { 'x-twilio-signature': signed.digest('base64') };
    expect(check({ name: 'twilio' }, 'token', given, form, 0, address)).toBe('genuine');
    expect(check({ name: 'twilio' }, 'token', given, `${form}9`, 0, address)).toMatch(/does not fit/);
    const digest = createHash('sha256').update('{}').digest('hex');
    const json = `${address}&bodySHA256=${digest}`;
    const ofJson = { 'x-twilio-signature': createHmac('sha1', 'token').update(json).digest('base64') };
    expect(check({ name: 'twilio' }, 'token', ofJson, '{}', 0, json)).toBe('genuine');
    expect(check({ name: 'twilio' }, 'token', ofJson, '{ }', 0, json)).toMatch(/bodySHA256/);
  });

  it('Mandrill', () => {
    const address = 'https://cdp.example/v1/sources/k/webhook';
    const signed = createHmac('sha1', 'key').update(`${address}mandrill_events[{"event":"open"}]`);
    const headers = { 'x-mandrill-signature': signed.digest('base64') };
    const body = new URLSearchParams({ mandrill_events: '[{"event":"open"}]' }).toString();
    expect(check({ name: 'mandrill' }, 'key', headers, body)).toBe('genuine');
    expect(check({ name: 'mandrill' }, 'kex', headers, body)).toMatch(/does not fit/);
  });

  it('HubSpot', () => {
    const timestamp = '1700000000123';
    const text = `POSThttps://cdp.example/v1/sources/k/webhook[{"a":1}]${timestamp}`;
    const headers = {
      'x-hubspot-request-timestamp': timestamp,
      'x-hubspot-signature-v3': base64('app', text),
    };
    expect(check({ name: 'hubspot' }, 'app', headers, '[{"a":1}]', Number(timestamp))).toBe('genuine');
    expect(check({ name: 'hubspot' }, 'app', headers, '[{"a":2}]', Number(timestamp))).toMatch(/not fit/);
    expect(check({ name: 'hubspot' }, 'app', headers, '[{"a":1}]', 0)).toMatch(/minutes from now/);
  });

  it('Mailgun, in JSON and in a form', () => {
    const now = 1529006854_000;
    const signature = hex('key', '1529006854a8ce0edb');
    const parts = { timestamp: '1529006854', token: 'a8ce0edb', signature };
    const body = JSON.stringify({ signature: parts, 'event-data': {} });
    expect(check({ name: 'mailgun' }, 'key', {}, body, now)).toBe('genuine');
    const form = new URLSearchParams({ event: 'opened', ...parts }).toString();
    expect(check({ name: 'mailgun' }, 'key', {}, form, now)).toBe('genuine');
    expect(check({ name: 'mailgun' }, 'kez', {}, body, now)).toMatch(/does not fit/);
    expect(check({ name: 'mailgun' }, 'key', {}, '{}', now)).toMatch(/no time/);
    expect(check({ name: 'mailgun' }, 'key', {}, '{', now)).toMatch(/no time/);
    expect(check({ name: 'mailgun' }, 'key', {}, body, now + 25 * 3_600_000)).toMatch(/minutes from now/);
  });

  it('Zendesk', () => {
    const timestamp = '2023-11-14T22:13:20Z';
    const headers = {
      'x-zendesk-webhook-signature-timestamp': timestamp,
      'x-zendesk-webhook-signature': base64('secret', `${timestamp}{}`),
    };
    expect(check({ name: 'zendesk' }, 'secret', headers, '{}', Date.parse(timestamp))).toBe('genuine');
    expect(check({ name: 'zendesk' }, 'secret', headers, '{ }', Date.parse(timestamp))).toMatch(/not fit/);
    expect(check({ name: 'zendesk' }, 'secret', {}, '{}', 0)).toMatch(/no time/);
  });

  it('SHA-1 over the body, as Intercom has it', () => {
    const scheme = { name: 'hmac_sha1', header: 'x-hub-signature' } as const;
    const digest = createHmac('sha1', 'secret').update('{}').digest('hex');
    expect(check(scheme, 'secret', { 'x-hub-signature': `sha1=${digest}` }, '{}')).toBe('genuine');
    expect(check(scheme, 'secret', { 'x-hub-signature': `sha1=${digest}` }, '{ }')).toMatch(/not fit/);
  });
});

describe('the other schemes', () => {
  it('WooCommerce', () => {
    const headers = { 'x-wc-webhook-signature': base64('hush', '{}') };
    expect(check({ name: 'woocommerce' }, 'hush', headers, '{}')).toBe('genuine');
    expect(check({ name: 'woocommerce' }, 'hush', headers, '{ }')).toMatch(/does not fit/);
  });

  it('Shopify', () => {
    expect(check({ name: 'shopify' }, 'hush', { 'x-shopify-hmac-sha256': base64('hush', '{}') }, '{}')).toBe(
      'genuine',
    );
    expect(
      check({ name: 'shopify' }, 'hush', { 'x-shopify-hmac-sha256': base64('other', '{}') }, '{}'),
    ).toMatch(/does not fit/);
    expect(check({ name: 'shopify' }, 'hush', { 'x-shopify-hmac-sha256': '' }, '{}')).toMatch(/does not fit/);
  });

  it('Customer.io', () => {
    const headers = { 'x-cio-timestamp': '1700000000', 'x-cio-signature': hex('key', 'v0:1700000000:{}') };
    expect(check({ name: 'customerio' }, 'key', headers, '{}', 1700000000_000)).toBe('genuine');
    expect(check({ name: 'customerio' }, 'key', headers, '{ }', 1700000000_000)).toMatch(/does not fit/);
    expect(check({ name: 'customerio' }, 'key', { ...headers, 'x-cio-timestamp': 'abc' }, '{}')).toMatch(
      /no time/,
    );
  });

  it('basic', () => {
    const authorization = `Basic ${Buffer.from('mailjet:gizli').toString('base64')}`;
    expect(check({ name: 'basic' }, 'mailjet:gizli', { authorization }, '')).toBe('genuine');
    expect(check({ name: 'basic' }, 'mailjet:gizl', { authorization }, '')).toMatch(/wrong/);
    expect(check({ name: 'basic' }, 'mailjet:gizli', { authorization: 'Bearer x' }, '')).toMatch(/not Basic/);
  });
});

describe('parseSignatureScheme', () => {
  it('reads schemes and refuses what it does not know', () => {
    expect(parseSignatureScheme({ name: 'shopify' })).toEqual({
      outcome: 'valid',
      scheme: { name: 'shopify' },
    });
    expect(parseSignatureScheme({ name: 'hmac_sha256', header: 'X-Sign' })).toEqual({
      outcome: 'valid',
      scheme: { name: 'hmac_sha256', header: 'x-sign' },
    });
    for (const bad of [
      null,
      'shopify',
      {},
      { name: 'md5' },
      { name: 'hmac_sha256' },
      { name: 'shopify', header: 'x' },
      { name: 'basic', x: 1 },
    ]) {
      expect(parseSignatureScheme(bad)).toMatchObject({ outcome: 'invalid' });
    }
  });
});

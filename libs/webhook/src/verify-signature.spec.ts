import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { parseSignatureScheme, type SignatureScheme } from './signature-scheme.ts';
import type { Headers } from './topic.ts';
import { verifySignature } from './verify-signature.ts';

function check(scheme: SignatureScheme, secret: string, headers: Headers, body: string, now = 0): string {
  const verdict = verifySignature(scheme, secret, { headers, rawBody: Buffer.from(body) }, now);
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

describe('the other schemes', () => {
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
      /Unix/,
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

import { describe, expect, it } from '@jest/globals';
import { mapItem } from './map-item.ts';
import type { Vendor } from './source-mapping.ts';
import { summary } from './testing/accepted.ts';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';
const GMAIL = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';

describe('machines', () => {
  it.each<[Vendor, object, string | undefined]>([
    ['sendgrid', { event: 'open', sg_machine_open: true, useragent: PHONE }, 'vendor'],
    ['sendgrid', { event: 'open', sg_machine_open: false, useragent: PHONE }, undefined],
    ['sendgrid', { event: 'open', sg_machine_open: false, useragent: GMAIL }, 'proxy'],
    ['sendgrid', { event: 'click', useragent: 'python-requests/2.31' }, 'bot'],
    ['sendgrid', { event: 'delivered', useragent: 'python-requests/2.31' }, undefined],
    ['mailjet', { event: 'open', agent: GMAIL }, 'proxy'],
    ['mailjet', { event: 'click', agent: PHONE }, undefined],
    ['customerio', { object_type: 'email', metric: 'opened', data: { prefetched: true } }, 'vendor'],
    ['customerio', { object_type: 'email', metric: 'opened', data: { user_agent: PHONE } }, undefined],
  ])('%s %j', (vendor, item, by) => {
    const { properties, context } = mapItem({ vendor }, { item }) as Record<string, Record<string, unknown>>;
    expect(properties?.machine).toBe(by === undefined ? undefined : true);
    expect(properties?.machine_by).toBe(by);
    expect(context?.temas).toEqual(by === undefined ? undefined : { machine: true });
  });
});

describe('Customer.io', () => {
  it.each([
    ['email', 'opened', 'Email Opened'],
    ['email', 'spammed', 'Email Marked as Spam'],
    ['email', 'unsubscribed', 'Unsubscribed'],
    ['email', 'undeliverable', 'Email Undeliverable'],
    ['in_app', 'clicked', 'In-App Clicked'],
    ['whatsapp', 'delivered', 'WhatsApp Delivered'],
    ['customer', 'cio_subscription_preferences_changed', 'Customer Subscription Preferences Changed'],
  ])('%s %s is %s', (object_type, metric, event) => {
    const item = { object_type, metric, timestamp: 1585250305, data: { identifiers: { id: 'u1' } } };
    expect(summary({ vendor: 'customerio' }, item)).toMatchObject({ event, ids: ['user_id:u1'] });
  });

  it('reads recipients by channel', () => {
    const of = (object_type: string, recipient: string): unknown =>
      summary(
        { vendor: 'customerio' },
        { object_type, metric: 'sent', data: { customer_id: 'u1', recipient } },
      );
    expect(of('email', 'ali@firma.com.tr')).toMatchObject({ ids: ['user_id:u1', 'email:ali@firma.com.tr'] });
    expect(of('sms', '+905321234568')).toMatchObject({ ids: ['user_id:u1', 'phone:+905321234568'] });
    expect(of('slack', 'ali@firma.com.tr')).toMatchObject({ ids: ['user_id:u1'] });
  });

  it('takes its own id for no user id', () => {
    const data = {
      customer_id: 'cio_0300',
      identifiers: { id: null, cio_id: 'cio_0300', email: 'ali@firma.com.tr' },
    };
    expect(summary({ vendor: 'customerio' }, { object_type: 'email', metric: 'sent', data })).toMatchObject({
      ids: ['email:ali@firma.com.tr', 'customerio_id:cio_0300'],
    });
  });

  it('reads the older form', () => {
    const item = { event_type: 'email_clicked', data: { customer_id: 'u1', href: 'https://a.tr' } };
    expect(summary({ vendor: 'customerio' }, item)).toMatchObject({ event: 'Email Link Clicked' });
  });
});

describe('Mailjet and SendGrid', () => {
  it.each([
    ['unsub', 'Unsubscribed'],
    ['spam', 'Email Marked as Spam'],
    ['blocked', 'Email Blocked'],
  ])('Mailjet %s is %s', (event, name) => {
    const item = { event, time: 1664443614, email: 'ali@firma.com.tr', mj_contact_id: 0 };
    expect(summary({ vendor: 'mailjet' }, item)).toMatchObject({
      event: name,
      ids: ['email:ali@firma.com.tr'],
    });
  });

  it('SendGrid brings the arguments of the sender', () => {
    const item = {
      event: 'delivered',
      email: 'ali@firma.com.tr',
      user_id: 'u1',
      sg_user_id: 123,
      ip: '1.2.3.4',
    };
    expect(summary({ vendor: 'sendgrid' }, item)).toMatchObject({
      ids: ['user_id:u1', 'email:ali@firma.com.tr'],
    });
    expect(mapItem({ vendor: 'sendgrid' }, { item }).context).not.toHaveProperty('ip');
  });
});

describe('SatisMeter', () => {
  it('gives the score, the metrics and the traits of the one who answered', () => {
    const item = {
      event: 'completed',
      campaign: { id: 'c1', name: 'NPS' },
      traits: { plan: 'pro', email: 'ali@firma.com.tr' },
      response: {
        id: 'r1',
        created: '2022-11-17T17:51:21.764Z',
        rating: 9,
        score: 100,
        category: 'promoter',
        answers: [{ id: 'a', metric: 'nps', value: 9, type: 'scale' }],
        user: { id: '63766fbb7ac7b726', userId: 'u1', name: 'Ali' },
      },
    };
    expect(summary({ vendor: 'satismeter' }, item)).toMatchObject({
      event: 'Survey Completed',
      ids: ['user_id:u1', 'email:ali@firma.com.tr', 'satismeter_user_id:63766fbb7ac7b726'],
    });
    expect(mapItem({ vendor: 'satismeter' }, { item })).toMatchObject({
      properties: {
        score: 100,
        category: 'promoter',
        rating: 9,
        nps: 9,
        response_id: 'r1',
        survey_name: 'NPS',
      },
      context: { traits: { plan: 'pro', name: 'Ali', email: 'ali@firma.com.tr' } },
    });
    const nameless = { ...item.response, user: {} };
    expect(summary({ vendor: 'satismeter' }, { event: 'completed', response: nameless })).toMatchObject({
      ids: ['satismeter_response_id:r1'],
    });
  });
});

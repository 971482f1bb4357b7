import { describe, expect, it } from '@jest/globals';
import { splitDelivery } from './split-delivery.ts';
import { accepted, summary } from './testing/accepted.ts';

interface Case {
  readonly name: string;
  readonly body: unknown;
  readonly got: readonly { readonly event: string; readonly ids: readonly string[]; readonly at: string }[];
}

const CASES: readonly Case[] = [
  {
    name: 'Klaviyo: a list under data, the profile beside the event',
    body: {
      data: [
        {
          type: 'event',
          topic: 'event:klaviyo.sent_email',
          payload: {
            data: { type: 'event', id: '4u', attributes: { timestamp: 1700000002 } },
            included: [
              { type: 'profile', id: '01GDD', attributes: { email: 'a@firma.de', external_id: 'x-9' } },
            ],
          },
        },
      ],
      meta: { klaviyo_webhook_id: 'wh1' },
    },
    got: [
      {
        event: 'event:klaviyo.sent_email',
        ids: ['user_id:x-9', 'email:a@firma.de', 'klaviyo_profile_id:01GDD'],
        at: '2023-11-14T22:13:22.000Z',
      },
    ],
  },
  {
    name: 'Zendesk ticket: who asks, not who answers',
    body: {
      type: 'zen:event-type:ticket.created',
      time: '2022-06-30T10:29:55.6Z',
      detail: { actor_id: '111', assignee_id: '222', requester_id: '8447388090494' },
    },
    got: [
      {
        event: 'zen:event-type:ticket.created',
        ids: ['zendesk_user_id:8447388090494'],
        at: '2022-06-30T10:29:55.600Z',
      },
    ],
  },
  {
    name: 'Intercom conversation',
    body: {
      type: 'notification_event',
      topic: 'conversation.user.created',
      created_at: 1716207672,
      data: {
        item: {
          type: 'conversation',
          contacts: { type: 'contact.list', contacts: [{ type: 'contact', external_id: 'u-991' }] },
          source: { author: { type: 'admin', email: 'staff@firma.de' } },
        },
      },
    },
    got: [{ event: 'conversation.user.created', ids: ['user_id:u-991'], at: '2024-05-20T12:21:12.000Z' }],
  },
  {
    name: 'Amazon SES through SNS',
    body: {
      Type: 'Notification',
      TopicArn: 'arn:aws:sns:eu:1:t',
      Message: JSON.stringify({
        eventType: 'Open',
        mail: { timestamp: '2023-11-14T22:13:20.000Z', source: 'shop@x.de', destination: ['b@firma.de'] },
        open: { timestamp: '2023-11-14T22:13:23.000Z', ipAddress: '1.1.1.1' },
      }),
    },
    got: [{ event: 'Open', ids: ['email:b@firma.de'], at: '2023-11-14T22:13:23.000Z' }],
  },
  {
    name: 'Resend',
    body: {
      type: 'email.opened',
      created_at: '2024-11-22T23:41:12.126Z',
      data: { email_id: '56', from: 'shop@x.de', to: ['c@firma.de'] },
    },
    got: [{ event: 'email.opened', ids: ['email:c@firma.de'], at: '2024-11-22T23:41:12.126Z' }],
  },
  {
    name: 'RevenueCat',
    body: {
      api_version: '1.0',
      event: {
        type: 'RENEWAL',
        app_user_id: 'rc-1',
        event_timestamp_ms: 1700000008000,
        subscriber_attributes: { $email: { value: 'd@firma.de' } },
      },
    },
    got: [{ event: 'RENEWAL', ids: ['user_id:rc-1', 'email:d@firma.de'], at: '2023-11-14T22:13:28.000Z' }],
  },
  {
    name: "the company's own id before the vendor's",
    body: {
      events: [
        {
          event_type: 'users.messages.email.Open',
          user: { user_id: '0123456789abcdef', external_user_id: 'own-1' },
          time: 1700000009,
        },
      ],
    },
    got: [{ event: 'users.messages.email.Open', ids: ['user_id:own-1'], at: '2023-11-14T22:13:29.000Z' }],
  },
  {
    name: 'what own code passed on before what a vendor counts',
    body: {
      meta: { event_name: 'order_created', custom_data: { user_id: 'ls-1' } },
      data: { type: 'orders', attributes: { user_email: 'e@firma.de', customer_id: 1 } },
    },
    got: [{ event: 'order_created', ids: ['user_id:ls-1', 'email:e@firma.de'], at: 'received' }],
  },
  {
    name: 'Adyen: elements wrapped once more',
    body: {
      live: 'false',
      notificationItems: [
        {
          NotificationRequestItem: {
            eventCode: 'AUTHORISATION',
            eventDate: '2023-11-14T22:13:32+01:00',
            additionalData: { shopperEmail: 'f@firma.de', shopperReference: 'ad-1' },
          },
        },
      ],
    },
    got: [
      { event: 'AUTHORISATION', ids: ['user_id:ad-1', 'email:f@firma.de'], at: '2023-11-14T21:13:32.000Z' },
    ],
  },
  {
    name: 'a list of one attendee; the organiser is staff',
    body: {
      triggerEvent: 'BOOKING_CREATED',
      createdAt: '2023-05-24T09:30:58.566Z',
      payload: { organizer: { email: 'staff@x.de' }, attendees: [{ email: 'g@firma.de' }] },
    },
    got: [{ event: 'BOOKING_CREATED', ids: ['email:g@firma.de'], at: '2023-05-24T09:30:58.566Z' }],
  },
  {
    name: 'addresses as a list with a primary one',
    body: {
      event: 'updated.person',
      current: { email: [{ value: 'old@firma.de' }, { value: 'h@firma.de', primary: true }] },
    },
    got: [{ event: 'updated.person', ids: ['email:h@firma.de'], at: 'received' }],
  },
  {
    name: 'an offset after a space',
    body: {
      eventName: 'emailOpen',
      email: 'i@firma.de',
      dataFields: { createdAt: '2022-04-19 03:33:50 +02:00' },
    },
    got: [{ event: 'emailOpen', ids: ['email:i@firma.de'], at: '2022-04-19T01:33:50.000Z' }],
  },
];

const generic = { vendor: 'generic' } as const;

describe('generic, further vendors', () => {
  it.each(CASES)('$name', ({ body, got }) => {
    const split = splitDelivery(Buffer.from(JSON.stringify(body)), 'application/json');
    if (split.outcome === 'refused') throw new Error(split.message);
    expect(split.items.map(({ item }) => summary(generic, item))).toEqual(got);
  });

  it('leaves a mail to several people to nobody', () => {
    const item = { type: 'email.delivered', data: { email_id: '1', to: ['a@firma.de', 'b@firma.de'] } };
    expect(summary(generic, item)).toBe('no_identifier');
  });
});

describe('items that other platforms forward', () => {
  it('stay what they are', () => {
    const result = accepted(generic, {
      type: 'identify',
      userId: 'u1',
      traits: { email: 'a@firma.de', plan: 'gold' },
      context: {
        campaign: { name: 'spring' },
        externalIds: [{ id: 'b1', type: 'braze_id', collection: 'users' }],
      },
      timestamp: '2024-01-02T03:04:05Z',
    });
    if (result.outcome === 'refused') throw new Error(result.error.message);
    const { kind, payload, identifiers } = result.touchpoint;
    expect(kind).toBe('identify');
    expect(payload.traits).toEqual({ email: 'a@firma.de', plan: 'gold' });
    expect(payload.context).toMatchObject({ campaign: { name: 'spring' } });
    expect(identifiers.map(({ namespace, value }) => `${namespace}:${value}`)).toEqual([
      'user_id:u1',
      'email:a@firma.de',
      'braze_id:b1',
    ]);
  });

  it('of every kind, in a batch', () => {
    const batch = [
      { type: 'page', anonymousId: 'a1', name: 'Home', properties: { path: '/' } },
      { type: 'group', userId: 'u1', groupId: 'g1', traits: { email: 'office@firma.de' } },
      { type: 'alias', userId: 'u1', previousId: 'a1' },
      { type: 'track', userId: 'u1', event: 'Order Completed', properties: { order_id: '7', revenue: 5 } },
    ];
    const split = splitDelivery(Buffer.from(JSON.stringify({ batch, sentAt: 'x' })), 'application/json');
    if (split.outcome === 'refused') throw new Error(split.message);
    const results = split.items.map(({ item }) => accepted(generic, item));
    expect(
      results.map(
        (result) =>
          result.outcome === 'accepted' && [
            result.touchpoint.kind,
            result.touchpoint.identifiers.map(({ namespace, value }) => `${namespace}:${value}`),
          ],
      ),
    ).toEqual([
      ['page', ['anonymous_id:a1']],
      ['group', ['user_id:u1']],
      ['alias', ['user_id:u1', 'anonymous_id:a1']],
      ['track', ['user_id:u1']],
    ]);
  });
});

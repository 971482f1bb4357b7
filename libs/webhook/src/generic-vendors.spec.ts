import { describe, expect, it } from '@jest/globals';
import { accepted, summary } from './testing/accepted.ts';
import { splitDelivery } from './split-delivery.ts';

interface Case {
  readonly name: string;
  readonly item: unknown;
  readonly topic?: string;
  readonly event: string;
  readonly ids: readonly string[];
  readonly at: string;
}

const CASES: readonly Case[] = [
  {
    name: 'Stripe invoice',
    item: {
      id: 'evt_1MqqbKLt4dXK03v5qaIbiNCC',
      object: 'event',
      created: 1680064028,
      type: 'invoice.paid',
      account: 'acct_1032D82eZvKYlo2C',
      data: {
        object: {
          id: 'in_1MqqbILt4dXK03v5cbbciqFZ',
          object: 'invoice',
          customer: 'cus_NbNDmhFSYyuNKk',
          customer_email: 'ayse@firma.com.tr',
          account_name: 'Shop',
          amount_paid: 4900,
        },
      },
    },
    event: 'invoice.paid',
    ids: ['email:ayse@firma.com.tr', 'customer_id:cus_NbNDmhFSYyuNKk'],
    at: '2023-03-29T04:27:08.000Z',
  },
  {
    name: 'Stripe customer',
    item: {
      type: 'customer.created',
      created: 1680064028,
      data: {
        object: { id: 'cus_NbNDmhFSYyuNKk', object: 'customer', email: 'ayse@firma.com.tr', phone: null },
      },
    },
    event: 'customer.created',
    ids: ['email:ayse@firma.com.tr', 'customer_id:cus_NbNDmhFSYyuNKk'],
    at: '2023-03-29T04:27:08.000Z',
  },
  {
    name: 'HubSpot contact',
    item: {
      eventId: 100,
      subscriptionId: 12,
      portalId: 62515,
      occurredAt: 1564113600000,
      subscriptionType: 'contact.propertyChange',
      objectId: 123,
      propertyName: 'email',
      propertyValue: 'veli@firma.com.tr',
      sourceId: 'userId:999',
    },
    event: 'contact.propertyChange',
    ids: ['email:veli@firma.com.tr', 'hubspot_contact_id:123'],
    at: '2019-07-26T04:00:00.000Z',
  },
  {
    name: 'HubSpot deal is nobody',
    item: { portalId: 62515, occurredAt: 1564113600000, subscriptionType: 'deal.creation', objectId: 123 },
    event: 'refused',
    ids: [],
    at: '',
  },
  {
    name: 'Mailgun',
    item: {
      signature: { timestamp: '1529006854', token: 'a8ce0edb2dd8301d', signature: 'd2271d12299f' },
      'event-data': {
        event: 'opened',
        id: 'Ase7i2zsRYeDXztHGENqRA',
        timestamp: 1521243339.873676,
        recipient: 'ali@firma.com.tr',
        message: { headers: { 'message-id': '2013@sample.mailgun.com' } },
        ip: '50.56.129.169',
        'client-info': {
          'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/31.0 Safari/537.31',
          bot: 'gmail',
        },
        'user-variables': {},
      },
    },
    event: 'opened',
    ids: ['email:ali@firma.com.tr'],
    at: '2018-03-16T23:35:39.873Z',
  },
  {
    name: 'Postmark bounce: From is ours',
    item: {
      RecordType: 'Bounce',
      ID: 42,
      Type: 'HardBounce',
      Email: 'john@firma.com.tr',
      From: 'shop@magaza.com.tr',
      BouncedAt: '2019-11-05T16:33:54.9070259Z',
    },
    event: 'Bounce',
    ids: ['email:john@firma.com.tr'],
    at: '2019-11-05T16:33:54.907Z',
  },
  {
    name: 'Postmark delivery',
    item: { RecordType: 'Delivery', Recipient: 'john@firma.com.tr', DeliveredAt: '2019-11-05T16:33:54Z' },
    event: 'Delivery',
    ids: ['email:john@firma.com.tr'],
    at: '2019-11-05T16:33:54.000Z',
  },
  {
    name: 'Brevo proxy open',
    item: {
      event: 'unique_proxy_open',
      email: 'fatma@firma.com.tr',
      id: 26224,
      date: '2020-10-09 00:00:00',
      ts: 1604937111,
      ts_event: 1604933111,
      'message-id': '<201798300811.5787683@relay.domain.com>',
    },
    event: 'unique_proxy_open',
    ids: ['email:fatma@firma.com.tr'],
    at: '2020-11-09T14:45:11.000Z',
  },
  {
    name: 'Mandrill',
    item: {
      event: 'click',
      ts: 1615484360,
      _id: 'abc123',
      url: 'https://magaza.com.tr',
      msg: {
        ts: 1615484355,
        email: 'can@firma.com.tr',
        sender: 'shop@magaza.com.tr',
        metadata: { user_id: 111 },
      },
    },
    event: 'click',
    ids: ['user_id:111', 'email:can@firma.com.tr'],
    at: '2021-03-11T17:39:20.000Z',
  },
  {
    name: 'Intercom contact',
    item: {
      type: 'notification_event',
      topic: 'contact.created',
      id: 'notif_1',
      created_at: 1716207671,
      data: {
        item: {
          type: 'contact',
          id: '664b3f77e5b9',
          external_id: 'u-77',
          email: 'deniz@firma.com.tr',
          owner_id: 12,
        },
      },
    },
    event: 'contact.created',
    ids: ['user_id:u-77', 'email:deniz@firma.com.tr'],
    at: '2024-05-20T12:21:11.000Z',
  },
  {
    name: 'Typeform',
    item: {
      event_id: 'LtWXD3crgy',
      event_type: 'form_response',
      form_response: {
        form_id: 'lT4Z3j',
        token: 'a3a12ec67a1365927098a606107fac15',
        submitted_at: '2018-01-18T18:17:02Z',
        hidden: { user_id: 'abc123456' },
        answers: [
          { type: 'email', email: 'laura@firma.com.tr' },
          { type: 'number', number: 5 },
        ],
      },
    },
    event: 'form_response',
    ids: ['user_id:abc123456', 'email:laura@firma.com.tr'],
    at: '2018-01-18T18:17:02.000Z',
  },
  {
    name: 'Calendly: created_by is a member of staff',
    item: {
      event: 'invitee.created',
      created_at: '2020-11-23T17:51:19.000000Z',
      created_by: 'https://api.calendly.com/users/AAAAAAAAAAAAAAAA',
      payload: {
        email: 'test.kisi@firma.com.tr',
        name: 'Test Kisi',
        scheduled_event: { event_memberships: [{ user_email: 'staff@magaza.com.tr' }] },
      },
    },
    event: 'invitee.created',
    ids: ['email:test.kisi@firma.com.tr'],
    at: '2020-11-23T17:51:19.000Z',
  },
  {
    name: 'Twilio status of a sent message',
    item: {
      MessageSid: 'SM2xxxxxx',
      AccountSid: 'ACxxxxxxx',
      MessageStatus: 'delivered',
      From: '+12065550100',
      To: '+905321234568',
    },
    event: 'delivered',
    ids: ['phone:+905321234568'],
    at: 'received',
  },
  {
    name: 'Twilio message of a customer',
    item: {
      MessageSid: 'SM2xxxxxx',
      AccountSid: 'ACxxxxxxx',
      SmsStatus: 'received',
      From: 'whatsapp:+905321234568',
      To: 'whatsapp:+12065550100',
      Body: 'Merhaba',
    },
    event: 'received',
    ids: ['phone:+905321234568'],
    at: 'received',
  },
  {
    name: 'WooCommerce order',
    topic: 'order.created',
    item: {
      id: 727,
      number: '727',
      status: 'processing',
      date_created_gmt: '2017-03-22T19:28:02',
      customer_id: 0,
      total: '29.35',
      billing: { first_name: 'John', email: 'john.doe@firma.com.tr', phone: '+905321234568' },
      shipping: { first_name: 'Jane', phone: '+905321234569' },
      line_items: [{ id: 315, product_id: 93, price: 3 }],
    },
    event: 'order.created',
    ids: ['email:john.doe@firma.com.tr', 'phone:+905321234568'],
    at: '2017-03-22T19:28:02.000Z',
  },
  {
    name: 'PayPal: the payee is the shop',
    item: {
      id: 'WH-1',
      event_type: 'CHECKOUT.ORDER.APPROVED',
      create_time: '2018-12-10T21:20:49.000Z',
      resource: {
        payer: { email_address: 'buyer@firma.com.tr', payer_id: 'BUYER' },
        purchase_units: [{ payee: { email_address: 'merchant@magaza.com.tr' } }],
      },
    },
    event: 'CHECKOUT.ORDER.APPROVED',
    ids: ['email:buyer@firma.com.tr'],
    at: '2018-12-10T21:20:49.000Z',
  },
  {
    name: 'own backend',
    item: {
      event: 'signup',
      user: { id: 42, email: 'Ege@Firma.com.tr' },
      occurredAt: '2024-01-02T03:04:05+03:00',
    },
    event: 'signup',
    ids: ['user_id:42', 'email:ege@firma.com.tr'],
    at: '2024-01-02T00:04:05.000Z',
  },
  {
    name: 'helpdesk: customer, not agent',
    item: {
      action: 'ticket.closed',
      user: { id: 7, email: 'agent@magaza.com.tr' },
      agent: { email: 'agent@magaza.com.tr' },
      author: { email: 'author@magaza.com.tr' },
      customer: { id: 'c-9', email: 'zeynep@firma.com.tr' },
      date: 'Tue, 02 Jan 2024 03:04:05 +0300',
    },
    event: 'ticket.closed',
    ids: ['user_id:c-9', 'email:zeynep@firma.com.tr'],
    at: '2024-01-02T00:04:05.000Z',
  },
  {
    name: 'iyzico names nobody',
    item: { iyziEventType: 'PAYMENT_API', iyziEventTime: 1700000000000, paymentId: 1, status: 'SUCCESS' },
    event: 'refused',
    ids: [],
    at: '',
  },
  {
    name: 'address lists and placeholders are nobody',
    item: { event: 'x', email: 'a@firma.com.tr, b@firma.com.tr', user_id: 'No response', id: 17 },
    event: 'refused',
    ids: [],
    at: '',
  },
];

describe('generic', () => {
  it.each(CASES)('$name', ({ item, topic, event, ids, at }) => {
    const result = summary({ vendor: 'generic' }, item, topic);
    if (event === 'refused') expect(result).toBe('no_identifier');
    else expect(result).toEqual({ event, ids, at });
  });

  it('keeps the whole item', () => {
    const item = { event: 'x', email: 'ali@firma.com.tr', nested: { a: [1, { b: null }] } };
    const result = accepted({ vendor: 'generic' }, item);
    expect(result.outcome === 'accepted' && result.touchpoint.payload.properties).toEqual(item);
  });

  it('marks what machines open', () => {
    const machine = CASES.filter(({ item, event }) => {
      if (event === 'refused') return false;
      const result = accepted({ vendor: 'generic' }, item);
      return result.outcome === 'accepted' && result.touchpoint.payload.properties?.machine === true;
    });
    expect(machine.map(({ name }) => name)).toEqual(['Mailgun', 'Brevo proxy open']);
  });

  it('keeps an item that is larger than ingest takes', () => {
    const item = {
      event: 'x',
      email: 'ali@firma.com.tr',
      big: 'x'.repeat(50_000),
      small: 1,
      many: { y: 'y'.repeat(9_000) },
    };
    const result = accepted({ vendor: 'generic' }, item);
    if (result.outcome === 'refused') throw new Error(result.error.message);
    const { properties, context } = result.touchpoint.payload;
    expect(properties).toMatchObject({ event: 'x', small: 1, many: item.many });
    expect(context?.temas).toEqual({ omitted: ['properties.big'] });
  });

  it('reads a Mandrill form', () => {
    const events = JSON.stringify([
      CASES[8]?.item,
      { event: 'open', ts: 1615484361, msg: { email: 'x@firma.com.tr' } },
    ]);
    const body = Buffer.from(new URLSearchParams({ mandrill_events: events }).toString());
    const split = splitDelivery(body, 'application/x-www-form-urlencoded');
    expect(
      split.outcome === 'items' && split.items.map(({ item }) => summary({ vendor: 'generic' }, item)),
    ).toMatchObject([{ event: 'click' }, { event: 'open', ids: ['email:x@firma.com.tr'] }]);
  });
});

describe('custom', () => {
  it('follows the paths and leaves the rest to generic', () => {
    const item = {
      kind: 'bought',
      who: { mail: 'ali@firma.com.tr', card: 'L-77' },
      when: '1700000000',
      user_id: 'staff',
    };
    const fields = {
      event: '=Order Completed',
      userId: '=',
      email: 'who.mail',
      timestamp: 'when',
      externalIds: { loyalty_id: 'who.card' },
    };
    expect(summary({ vendor: 'custom', fields }, item)).toEqual({
      event: 'Order Completed',
      ids: ['email:ali@firma.com.tr', 'loyalty_id:L-77'],
      at: '2023-11-14T22:13:20.000Z',
    });
  });

  it('makes an identify', () => {
    const item = { customer: { id: 'c1', name: 'Ali' } };
    const fields = { type: '=identify', traits: 'customer' };
    expect(summary({ vendor: 'custom', fields }, item)).toEqual({
      event: 'identify',
      ids: ['user_id:c1'],
      at: 'received',
    });
  });
});

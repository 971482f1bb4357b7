import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { accepted, summary } from './testing/accepted.ts';
import { splitDelivery } from './split-delivery.ts';
import type { Vendor } from './source-mapping.ts';

const FOLDER = fileURLToPath(new URL('../../../../shared/data/webhooks', import.meta.url));
const present = existsSync(FOLDER);
if (!present)
  process.stderr.write("\n*** NOT CHECKED: the vendors' payloads beside the checkout are absent ***\n");

/** Read as a delivery is, so that large numbers stay what they are. */
function payloads(name: string): readonly Record<string, unknown>[] {
  const split = splitDelivery(readFileSync(join(FOLDER, name)), 'application/json');
  if (split.outcome === 'refused') throw new Error(split.message);
  return split.items.map(({ item }) => item as Record<string, unknown>);
}

function summaries(vendor: Vendor, items: readonly unknown[]): readonly unknown[] {
  return items.map((item) => {
    const result = summary({ vendor }, item);
    return typeof result === 'string' ? result : `${result.event} ${result.ids.join(' ')} ${result.at}`;
  });
}

(present ? describe : describe.skip)('payloads of the vendors', () => {
  it('Customer.io', () => {
    expect(summaries('customerio', payloads('rudder_customerio_source_input.json'))).toMatchInlineSnapshot(`
     [
       "Customer Subscribed user_id:0200102 received",
       "Customer Subscribed user_id:0200102 2020-03-26T19:16:39.000Z",
       "Customer Subscribed user_id:0200102 2020-03-26T19:16:39.000Z",
       "Customer Unsubscribed user_id:0200102 2020-03-26T19:16:19.000Z",
       "Email Drafted user_id:0200102 2020-03-26T19:18:25.000Z",
       "Email Bounced user_id:0200102 2009-02-13T23:31:30.000Z",
       "Email Link Clicked user_id:0200102 2020-03-26T20:25:48.000Z",
       "Email Sent user_id:user-123 2022-02-07T09:58:57.000Z",
       "Email Delivered user_id:user-123 customerio_id:7ef807109981 2023-01-31T20:26:59.000Z",
       "Push Attempted user_id:0200102 2020-04-01T21:21:15.000Z",
       "Push Sent user_id:0200102 push_token:eeC2XC_NVPo:APA91bEYRSgmu-dAZcOWi7RzKBbT9gdY3WJACOpLQEMAmAOsChJMAZWirvSlSF3EuHxb7qdwlYeOyCWtbsnR14Vyx5nwBmg5J3SyPxfNn-ey1tNgXIj5UOq8IBk2VwzMApk-xzD4JJof 2020-03-26T19:19:10.000Z",
       "Push Link Clicked user_id:0200102 push_token:eeC2XC_NVPo:APA91bEYRSgmu-dAZcOWi7RzKBbT9gdY3WJACOpLQEMAmAOsChJMAZWirvSlSF3EuHxb7qdwlYeOyCWtbsnR14Vyx5nwBmg5J3SyPxfNn-ey1tNgXIj5UOq8IBk2VwzMApk-xzD4JJof 2020-04-01T14:37:09.000Z",
       "SMS Attempted user_id:0200102 2009-02-13T23:31:30.000Z",
       "SMS Link Clicked user_id:0200102 2020-04-02T17:06:01.000Z",
       "Slack Message Sent user_id:0200102 2020-03-26T19:24:15.000Z",
       "Slack Message Link Clicked user_id:0200102 2020-03-26T19:54:11.000Z",
       "Slack Message Failed user_id:0200102 2020-03-26T19:19:10.000Z",
       "Webhook Message Drafted user_id:0200102 2020-03-26T19:18:25.000Z",
       "Webhook Message Attempted user_id:0200102 2020-04-01T13:18:54.000Z",
       "Webhook Message Sent user_id:0200102 2020-03-26T19:52:37.000Z",
       "Webhook Message Link Clicked user_id:0200102 2020-03-26T19:52:53.000Z",
       "Webhook Message Failed user_id:0200102 2020-04-01T13:16:24.000Z",
       "Push Delivered user_id:0200102 push_token:eeC2XC_NVPo:APA91bEYRSgmu-dAZcOWi7RzKBbT9gdY3WJACOpLQEMAmAOsChJMAZWirvSlSF3EuHxb7qdwlYeOyCWtbsnR14Vyx5nwBmg5J3SyPxfNn-ey1tNgXIj5UOq8IBk2VwzMApk-xzD4JJof 2020-04-01T14:37:10.000Z",
     ]
    `);
  });
  it('Mailjet', () => {
    expect(
      summaries(
        'mailjet',
        payloads('rudder_mailjet_source.json').map(({ input }) => input),
      ),
    ).toMatchInlineSnapshot(`
     [
       "Email Opened email:test@rudderstack.com mailjet_contact_id:399962859 2022-09-29T09:26:54.000Z",
       "Email Bounced email:test@rudderstack.com mailjet_contact_id:373142816 2022-09-29T09:36:11.000Z",
       "Email Delivered email:test@rudderstack.com mailjet_contact_id:372651182 2022-09-29T09:36:11.000Z",
       "Email Bounced email:test@rudderstack.com mailjet_contact_id:373142182 2022-09-29T09:36:10.000Z",
     ]
    `);
  });
  it('SatisMeter', () => {
    expect(
      summaries(
        'satismeter',
        payloads('rudder_satismeter_source.json').map(({ input }) => input),
      ),
    ).toMatchInlineSnapshot(`
     [
       "Survey Completed email:john@doe.com satismeter_user_id:63766fbb7ac7b72676145338 2022-11-17T17:51:21.764Z",
       "Survey Completed email:john@doe.com 2022-11-17T17:51:21.764Z",
     ]
    `);
  });
  it('SendGrid', () => {
    expect(summaries('sendgrid', payloads('sendgrid_event_webhook_sample.json'))).toMatchInlineSnapshot(`
     [
       "Email Processed email:example@test.com 2017-12-15T00:59:29.000Z",
       "Email Deferred email:example@test.com 2017-12-15T00:59:29.000Z",
       "Email Delivered email:example@test.com 2017-12-15T00:59:29.000Z",
       "Email Opened email:example@test.com 2017-12-15T00:59:29.000Z",
       "Email Link Clicked email:example@test.com 2017-12-15T00:59:29.000Z",
       "Email Bounced email:example@test.com 2017-12-15T00:59:29.000Z",
       "Email Dropped email:example@test.com 2017-12-15T00:59:29.000Z",
       "Email Marked as Spam email:example@test.com 2017-12-15T00:59:29.000Z",
       "Unsubscribed email:example@test.com 2017-12-15T00:59:29.000Z",
       "Group Unsubscribed email:example@test.com 2017-12-15T00:59:29.000Z",
       "Group Resubscribed email:example@test.com 2017-12-15T00:59:29.000Z",
     ]
    `);
  });
  it('Shopify', () => {
    expect(
      summaries(
        'shopify',
        payloads('rudder_shopify_source.json').map(({ input }) => input),
      ),
    ).toMatchInlineSnapshot(`
     [
       "Cart Updated anonymous_id:shopify_test_get_items_fail email:test@rudderstack.com 2023-02-10T12:16:07.251Z",
       "Rudder Session Identifier anonymous_id:shopify_test_set_map_fail 2023-02-10T12:44:06.000Z",
       "Checkout Deleted anonymous_id:shopifyGetSessionId 2023-02-10T12:16:07.251Z",
       "Checkout Deleted anonymous_id:shopifyGetAnonymousId 2023-02-10T12:16:07.251Z",
       "Cart Updated anonymous_id:shopify_test3 2023-02-10T12:16:07.251Z",
       "Order Deleted shopify_order_id:shopify_test3 2023-02-10T12:16:07.251Z",
       "Checkout Deleted shopify_checkout_id:shopify_test3 2023-02-10T12:16:07.251Z",
       "Cart Updated anonymous_id:shopify_test_cart email:test@rudderstack.com 2023-02-10T12:16:07.251Z",
       "Order Updated shopify_order_id:shopify_test2 shopify_checkout_id:36601802719507 2023-02-10T12:16:07.251Z",
       "Fulfillment Created shopify_order_id:random 2023-02-10T12:44:06.000Z",
       "Checkout Updated anonymous_id:shopify_test2 2023-02-10T12:16:07.251Z",
       "Checkout Updated anonymous_id:RUDDER_ANON_ID 2023-02-10T12:16:07.251Z",
       "Checkout Updated shopify_checkout_id:shopify_test2 2023-02-10T12:16:07.251Z",
       "Cart Updated anonymous_id:shopify_test4 2023-02-10T12:16:07.251Z",
       "Rudder Identifier anonymous_id:b9993cc5-9e60-4e69-be0e-4e38c228314b anonymous_id:shopify_test1 2023-02-10T12:44:06.000Z",
       "Rudder Session Identifier anonymous_id:shopify_test1 2023-02-10T12:44:06.000Z",
       "Checkout Updated anonymous_id:shopify_test_no_sessionId 2023-02-10T12:16:07.251Z",
     ]
    `);
  });
  it('keeps the ids that a double would round', () => {
    const [open] = payloads('rudder_mailjet_source.json');
    const result = accepted({ vendor: 'mailjet' }, open?.input);
    expect(result.outcome === 'accepted' && result.touchpoint.payload.properties).toMatchObject({
      MessageID: '94857068804950690',
      machine: true,
      machine_by: 'proxy',
    });
  });
});

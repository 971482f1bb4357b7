import { EMAIL_EVENT, isEngagement } from '../email-event.ts';
import { titled } from '../event-name.ts';
import { firstTime } from '../item-time.ts';
import { firstText, objectOf, objectsOf, stated, textOf, type JsonObject } from '../json.ts';
import { isFlaggedMachine } from '../machine-flag.ts';
import { firstEmail, firstId, firstPhone, idOf, type Person } from '../person.ts';
import type { WebhookItem } from '../webhook-item.ts';
import type { Reading } from '../wire-item.ts';

/** Names of Segment's e-mail specification, where Customer.io's metric has one. */
const EMAIL_METRICS: ReadonlyMap<string, string> = new Map([
  ['opened', EMAIL_EVENT.opened],
  ['clicked', EMAIL_EVENT.clicked],
  ['spammed', EMAIL_EVENT.spam],
  ['unsubscribed', EMAIL_EVENT.unsubscribed],
]);

/** What Customer.io calls its channels elsewhere; the others are titled. */
const CHANNELS: ReadonlyMap<string, string> = new Map([
  ['slack', 'Slack Message'],
  ['webhook', 'Webhook Message'],
  ['in_app', 'In-App'],
]);

/** An item of Customer.io's reporting webhooks: `object_type` and `metric` name the event, `data` says the rest. */
export function readCustomerio({ item }: WebhookItem): Reading {
  const report = objectOf(item);
  const data = objectOf(report.data);
  const [channel, metric] = channelAndMetric(report);
  const event = eventName(channel, metric);
  return {
    event,
    person: personOf(channel, data),
    timestamp: firstTime(report.timestamp, data.timestamp),
    integration: 'Customer.io',
    properties: {
      ...data,
      ...stated({
        event_id: report.event_id,
        object_type: channel,
        metric,
        email_id: channel === 'email' ? data.delivery_id : undefined,
        email_subject: channel === 'email' ? data.subject : undefined,
        link_url: data.href,
        reason: data.failure_message,
      }),
    },
    campaign: stated({ id: campaignId(data), name: firstText(data.campaign_name, data.newsletter_name) }),
    ip: textOf(data.ip),
    userAgent: firstText(data.user_agent, data.useragent),
    engagement: isEngagement(event),
    machine: isFlaggedMachine(data),
  };
}

/** Older reports say both in one: `event_type: "email_opened"`. */
function channelAndMetric(report: JsonObject): readonly [string | undefined, string | undefined] {
  const metric = textOf(report.metric);
  const channel = textOf(report.object_type);
  const type = textOf(report.event_type);
  if (metric !== undefined || type === undefined) return [channel, metric];
  const parts = /^(in_app|[a-z]+)_(.+)$/.exec(type);
  return parts === null ? [channel, type] : [parts[1], parts[2]];
}

function eventName(channel: string | undefined, metric: string | undefined): string {
  if (metric === undefined) return channel === undefined ? 'Customer.io Event' : titled(channel);
  if (channel === 'email') {
    const known = EMAIL_METRICS.get(metric);
    if (known !== undefined) return known;
  }
  const name = metric.replace(/^cio_/, '');
  const words = name === 'clicked' && channel !== 'in_app' ? 'Link Clicked' : titled(name);
  if (channel === undefined) return words;
  return `${CHANNELS.get(channel) ?? titled(channel)} ${words}`;
}

/** The recipient is an address of the channel: of a Slack message it is a room, of a webhook an address of the web. */
function personOf(channel: string | undefined, data: JsonObject): Person {
  const identifiers = objectOf(data.identifiers);
  const cioId = firstId(identifiers.cio_id, data.cio_id);
  const customerId = firstId(identifiers.id, data.customer_id);
  return {
    userId: customerId === cioId ? undefined : customerId,
    anonymousId: idOf(data.anonymous_id),
    email: firstEmail(
      identifiers.email,
      data.email_address,
      channel === 'email' ? data.recipient : undefined,
    ),
    phone: firstPhone(
      identifiers.phone,
      channel === 'sms' || channel === 'whatsapp' ? data.recipient : undefined,
    ),
    externalIds: { customerio_id: cioId, push_token: pushToken(channel, data) },
  };
}

/** A push goes to all devices of a person; the first stands for them, because an edge to each costs and adds little. */
function pushToken(channel: string | undefined, data: JsonObject): string | undefined {
  return channel === 'push'
    ? firstId(...objectsOf(data.recipients).map((each) => each.device_id))
    : undefined;
}

function campaignId(data: JsonObject): string | undefined {
  return firstId(data.campaign_id, data.broadcast_id, data.newsletter_id, data.transactional_message_id);
}

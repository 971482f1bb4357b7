import { EMAIL_EVENT, isEngagement } from '../email-event.ts';
import { titled } from '../event-name.ts';
import { firstTime } from '../item-time.ts';
import { objectOf, stated, textOf } from '../json.ts';
import { isFlaggedMachine } from '../machine-flag.ts';
import { firstEmail, idOf } from '../person.ts';
import type { WebhookItem } from '../webhook-item.ts';
import type { Reading } from '../wire-item.ts';

/** `sent` is what Mailjet says once the recipient's server has taken the message: its answer comes along. */
const EVENTS: ReadonlyMap<string, string> = new Map([
  ['sent', EMAIL_EVENT.delivered],
  ['open', EMAIL_EVENT.opened],
  ['click', EMAIL_EVENT.clicked],
  ['bounce', EMAIL_EVENT.bounced],
  ['blocked', EMAIL_EVENT.blocked],
  ['spam', EMAIL_EVENT.spam],
  ['unsub', EMAIL_EVENT.unsubscribed],
]);

/** An item of Mailjet's Event API, grouped (an array) or not. */
export function readMailjet({ item }: WebhookItem): Reading {
  const report = objectOf(item);
  const name = textOf(report.event);
  const event = name === undefined ? 'Mailjet Event' : (EVENTS.get(name) ?? `Email ${titled(name)}`);
  return {
    event,
    person: {
      email: firstEmail(report.email),
      externalIds: { mailjet_contact_id: idOf(report.mj_contact_id) },
    },
    timestamp: firstTime(report.time),
    integration: 'Mailjet',
    properties: {
      ...report,
      ...stated({ email_id: report.MessageID, link_url: report.url, reason: textOf(report.error) }),
    },
    campaign: stated({ id: idOf(report.mj_campaign_id), name: textOf(report.customcampaign) }),
    ip: textOf(report.ip),
    userAgent: textOf(report.agent),
    engagement: isEngagement(event),
    machine: isFlaggedMachine(report),
  };
}

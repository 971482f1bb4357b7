import { EMAIL_EVENT, isEngagement } from '../email-event.ts';
import { titled } from '../event-name.ts';
import { firstTime } from '../item-time.ts';
import { firstText, objectOf, stated, textOf } from '../json.ts';
import { isFlaggedMachine } from '../machine-flag.ts';
import { firstEmail, firstId } from '../person.ts';
import type { WebhookItem } from '../webhook-item.ts';
import type { Reading } from '../wire-item.ts';

const EVENTS: ReadonlyMap<string, string> = new Map([
  ['processed', EMAIL_EVENT.processed],
  ['deferred', EMAIL_EVENT.deferred],
  ['delivered', EMAIL_EVENT.delivered],
  ['open', EMAIL_EVENT.opened],
  ['click', EMAIL_EVENT.clicked],
  ['bounce', EMAIL_EVENT.bounced],
  ['blocked', EMAIL_EVENT.blocked],
  ['dropped', EMAIL_EVENT.dropped],
  ['spamreport', EMAIL_EVENT.spam],
  ['unsubscribe', EMAIL_EVENT.unsubscribed],
  // Of one group of mails only: who leaves a group has not unsubscribed.
  ['group_unsubscribe', 'Group Unsubscribed'],
  ['group_resubscribe', 'Group Resubscribed'],
]);

/** An item of SendGrid's event webhook. The sender's own arguments stand among SendGrid's fields. */
export function readSendgrid({ item }: WebhookItem): Reading {
  const report = objectOf(item);
  const name = textOf(report.event);
  const event = name === undefined ? 'SendGrid Event' : (EVENTS.get(name) ?? titled(name));
  return {
    event,
    person: {
      userId: firstId(report.userId, report.user_id),
      email: firstEmail(report.email),
    },
    timestamp: firstTime(report.timestamp),
    integration: 'SendGrid',
    properties: { ...report, ...stated({ email_id: report.sg_message_id, link_url: report.url }) },
    campaign: stated({
      id: firstId(report.singlesend_id, report.marketing_campaign_id),
      name: firstText(report.singlesend_name, report.marketing_campaign_name),
    }),
    // Of the receiving server where nobody opened or clicked.
    ip: isEngagement(event) ? textOf(report.ip) : undefined,
    userAgent: textOf(report.useragent),
    engagement: isEngagement(event),
    machine: isFlaggedMachine(report),
  };
}

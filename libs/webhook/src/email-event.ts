/** What happens to an e-mail, under the names of Segment's e-mail specification where it has one. */
export const EMAIL_EVENT = {
  processed: 'Email Processed',
  sent: 'Email Sent',
  deferred: 'Email Deferred',
  delivered: 'Email Delivered',
  opened: 'Email Opened',
  clicked: 'Email Link Clicked',
  bounced: 'Email Bounced',
  blocked: 'Email Blocked',
  dropped: 'Email Dropped',
  spam: 'Email Marked as Spam',
  unsubscribed: 'Unsubscribed',
} as const;

/** True for what machines do in a person's name: opens and clicks. */
export function isEngagement(event: string): boolean {
  return event === EMAIL_EVENT.opened || event === EMAIL_EVENT.clicked;
}

/** What of a touch's origin a rule can ask. All in lower case. */
export const ORIGIN_FIELDS = ['source', 'medium', 'campaign', 'referrer', 'click_id', 'site'] as const;

/** What of a touch's origin a rule can ask. `referrer` is a host, `site` a kind of site, see `SITES`. */
export type OriginField = (typeof ORIGIN_FIELDS)[number];

/** How a rule asks. `matches` is a regular expression of RE2 that may match anywhere. */
export const RULE_OPERATORS = ['is', 'is_not', 'contains', 'matches'] as const;

/** A condition of a rule; one of the values has to fit, for `is_not` none may. */
export interface OriginCondition {
  readonly field: OriginField;
  readonly op: (typeof RULE_OPERATORS)[number];
  readonly values: readonly string[];
}

/** A touch whose origin meets all conditions belongs to the channel; the first rule that is met counts. */
export interface ChannelRule {
  readonly channel: string;
  readonly when: readonly OriginCondition[];
}

/** Rules at most. */
export const MAX_CHANNEL_RULES = 200;

/** Channel of touches that meet no rule, as in Google Analytics. */
export const UNASSIGNED = 'Unassigned';

/** Source and medium of a visit that says nothing of where it came from, and of what one does not say. */
export const DIRECT_SOURCE = '(direct)';
export const NO_MEDIUM = '(none)';
export const NOT_SET = '(not set)';

/** Names under which a touch is direct, whatever it is grouped by. */
export const DIRECT_NAMES: readonly string[] = [
  'Direct',
  DIRECT_SOURCE,
  NO_MEDIUM,
  `${DIRECT_SOURCE} / ${NO_MEDIUM}`,
];

const PAID: OriginCondition = {
  field: 'medium',
  op: 'matches',
  values: ['^(.*cp.*|ppc|retargeting|paid.*)$'],
};
const SHOPS: OriginCondition = {
  field: 'campaign',
  op: 'matches',
  values: ['^(.*(([^a-df-z]|^)shop|shopping).*)$'],
};

/**
 * The default channel groups of Google Analytics 4, in their order (Analytics help 9756891). Conditions joined by "or"
 * there are rules of the same channel here.
 */
export const DEFAULT_CHANNEL_RULES: readonly ChannelRule[] = [
  { channel: 'Direct', when: [is('source', DIRECT_SOURCE), is('medium', NO_MEDIUM, NOT_SET)] },
  { channel: 'Cross-network', when: [{ field: 'campaign', op: 'contains', values: ['cross-network'] }] },
  { channel: 'Paid Shopping', when: [is('site', 'shopping'), PAID] },
  { channel: 'Paid Shopping', when: [SHOPS, PAID] },
  { channel: 'Paid Search', when: [is('site', 'search'), PAID] },
  { channel: 'Paid Social', when: [is('site', 'social'), PAID] },
  { channel: 'Paid Video', when: [is('site', 'video'), PAID] },
  { channel: 'Display', when: [is('medium', 'display', 'banner', 'expandable', 'interstitial', 'cpm')] },
  { channel: 'Paid Other', when: [PAID] },
  { channel: 'Organic Shopping', when: [is('site', 'shopping')] },
  { channel: 'Organic Shopping', when: [SHOPS] },
  { channel: 'Organic Social', when: [is('site', 'social')] },
  {
    channel: 'Organic Social',
    when: [is('medium', 'social', 'social-network', 'social-media', 'sm', 'social network', 'social media')],
  },
  { channel: 'Organic Video', when: [is('site', 'video')] },
  { channel: 'Organic Video', when: [{ field: 'medium', op: 'contains', values: ['video'] }] },
  { channel: 'Email', when: [is('source', 'email', 'e-mail', 'e_mail', 'e mail')] },
  { channel: 'Email', when: [is('medium', 'email', 'e-mail', 'e_mail', 'e mail')] },
  { channel: 'Organic Search', when: [is('site', 'search')] },
  { channel: 'Organic Search', when: [is('medium', 'organic')] },
  { channel: 'Referral', when: [is('medium', 'referral', 'app', 'link')] },
  { channel: 'Affiliates', when: [is('medium', 'affiliate', 'affiliates')] },
  { channel: 'Audio', when: [is('medium', 'audio')] },
  { channel: 'SMS', when: [is('source', 'sms')] },
  { channel: 'SMS', when: [is('medium', 'sms')] },
  {
    channel: 'Mobile Push Notifications',
    when: [{ field: 'medium', op: 'matches', values: ['push$', 'mobile', 'notification'] }],
  },
  { channel: 'Mobile Push Notifications', when: [is('source', 'firebase')] },
];

function is(field: OriginField, ...values: string[]): OriginCondition {
  return { field, op: 'is', values };
}

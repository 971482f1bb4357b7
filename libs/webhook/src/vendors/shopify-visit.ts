import { campaignOf } from '../campaign.ts';
import { firstText, objectOf, stated, textOf, type JsonObject } from '../json.ts';
import type { Reading } from '../wire-item.ts';

/** The visit that a checkout or an order came from: address, browser, first page and campaign. */
export function shopifyVisit(
  body: JsonObject,
): Pick<Reading, 'ip' | 'userAgent' | 'locale' | 'page' | 'campaign'> {
  const client = objectOf(body.client_details);
  const landing = textOf(body.landing_site);
  return {
    ip: firstText(client.browser_ip, body.browser_ip),
    userAgent: textOf(client.user_agent),
    locale: textOf(body.customer_locale),
    page: stated({ path: landing?.replace(/[?#].*$/s, ''), referrer: textOf(body.referring_site) }),
    campaign: campaignOf(landing),
  };
}

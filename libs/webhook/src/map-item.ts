import { fit } from './fit.ts';
import type { SourceMapping, Vendor } from './source-mapping.ts';
import { readCustom } from './vendors/custom.ts';
import { readCustomerio } from './vendors/customerio.ts';
import { readGeneric } from './vendors/generic.ts';
import { readMailjet } from './vendors/mailjet.ts';
import { readSatismeter } from './vendors/satismeter.ts';
import { readSendgrid } from './vendors/sendgrid.ts';
import { readShopify } from './vendors/shopify.ts';
import { readWoocommerce } from './vendors/woocommerce.ts';
import type { WebhookItem } from './webhook-item.ts';
import { wireItem, type Reading } from './wire-item.ts';

const READERS: Readonly<Record<Vendor, (webhook: WebhookItem) => Reading>> = {
  customerio: readCustomerio,
  mailjet: readMailjet,
  satismeter: readSatismeter,
  sendgrid: readSendgrid,
  shopify: readShopify,
  woocommerce: readWoocommerce,
  generic: readGeneric,
};

/**
 * The item of the Segment wire format that a webhook item stands for, ready for `acceptItem`: within its limits of size
 * and depth, with at most one value of each identifier that only one person can have. Pure and total over all JSON;
 * an item that names nobody comes out without identifiers, and `acceptItem` says so.
 */
export function mapItem(mapping: SourceMapping, webhook: WebhookItem): Record<string, unknown> {
  const reading =
    mapping.vendor === 'custom' ? readCustom(mapping.fields, webhook) : READERS[mapping.vendor](webhook);
  return fit(wireItem(reading));
}

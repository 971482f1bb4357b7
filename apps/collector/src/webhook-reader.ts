import { acceptItem } from '#touchpoint';
import type { ItemError, Touchpoint } from '#touchpoint';
import { contentKey, mapItem } from '#webhook';
import type { SourceMapping, WebhookItem } from '#webhook';
import type { ItemReader } from './ingest.service.ts';

/** Largest webhook item, bytes of JSON: orders of a shop are far larger than calls of an SDK. */
export const WEBHOOK_ITEM_BYTES = 256 * 1024;

/**
 * Reads webhook items by a mapping. The mapping decides the identifiers, and with them the anchor; what is sealed is
 * the item as it came, so that a better mapping can read it again; with the country that its phones are read in.
 */
export function webhookReader(mapping: SourceMapping, country: string): ItemReader {
  return {
    read(item, arrival) {
      const webhook = item as WebhookItem;
      if (Buffer.byteLength(JSON.stringify(webhook)) > WEBHOOK_ITEM_BYTES) {
        return { outcome: 'refused', error: tooLarge(arrival.index) };
      }
      const limits = { bytesLimit: Number.POSITIVE_INFINITY, keepUnnamed: true };
      return acceptItem(mapItem(mapping, webhook), { ...arrival, ...limits });
    },
    keep(touchpoint, item) {
      const webhook = item as WebhookItem;
      const { violations } = touchpoint.payload;
      return {
        ...touchpoint,
        kind: 'webhook',
        messageKey: tellsItself(touchpoint, webhook) ? contentKey(webhook) : undefined,
        payload: { type: 'webhook', webhook, country, ...(violations === undefined ? {} : { violations }) },
      };
    },
  };
}

const OWN_ID =
  /^(?:id|uuid|guid|(?:event|message|delivery|webhook|request|notification)_?(?:id|uuid|guid))$/i;

/** True if a time or an id tells the item from another of equal content: only then is it known when it comes again. */
function tellsItself({ messageKey }: Touchpoint, { item }: WebhookItem): boolean {
  if (messageKey !== undefined) return true;
  return typeof item === 'object' && item !== null && Object.keys(item).some((key) => OWN_ID.test(key));
}

function tooLarge(index: number): ItemError {
  return {
    index,
    code: 'item_too_large',
    field: '',
    message: `the item has more than ${WEBHOOK_ITEM_BYTES} bytes of JSON`,
    limit: WEBHOOK_ITEM_BYTES,
  };
}

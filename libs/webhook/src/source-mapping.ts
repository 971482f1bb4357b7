/** Vendors whose webhooks have a mapping of their own; `generic` looks for the usual names in any JSON. */
export const VENDORS = [
  'customerio',
  'mailjet',
  'satismeter',
  'sendgrid',
  'shopify',
  'woocommerce',
  'generic',
] as const;

/** A vendor with a built-in mapping. */
export type Vendor = (typeof VENDORS)[number];

/**
 * How the webhook items of a source are read: by a built-in mapping, or by paths that its operator gave. Part of a
 * source's configuration in the log; a newer one applies to older items at the next rebuild.
 */
export type SourceMapping =
  { readonly vendor: Vendor } | { readonly vendor: 'custom'; readonly fields: MappedFields };

/**
 * Dotted paths into an item (`data.customer.id`, `items.0.sku`), or `=text` for a fixed text. What has no path is
 * read as by `generic`.
 */
export interface MappedFields {
  /** One of the six kinds, most often fixed: `=track`. */
  readonly type?: string;
  /** Name of a track. */
  readonly event?: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly groupId?: string;
  /** ISO 8601 or Unix seconds or milliseconds. */
  readonly timestamp?: string;
  /** Object that becomes `properties`; the whole item if absent. */
  readonly properties?: string;
  /** Object that becomes `traits`, which an identify needs. */
  readonly traits?: string;
  /** Further identifiers: namespace → path. */
  readonly externalIds?: Readonly<Record<string, string>>;
}

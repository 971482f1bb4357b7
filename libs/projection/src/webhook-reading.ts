import { acceptItem } from '#touchpoint';
import type { Envelope, Identifier, SealedBody } from '#touchpoint';
import { mapItem } from '#webhook';
import type { SourceMapping, WebhookItem } from '#webhook';

/** A webhook item as a mapping reads it. */
export interface WebhookReading {
  /** The envelope with the kind and the event time that the mapping tells. */
  readonly envelope: Envelope;
  readonly body: SealedBody;
  /** Identifiers that the mapping finds and the envelope does not have: an older mapping missed them. */
  readonly missed: readonly Identifier[];
}

/** What the collector seals of a webhook item: as it came, beside what came outside the body. */
export interface WebhookPayload {
  readonly type: 'webhook';
  readonly webhook: WebhookItem;
  /** In which phone numbers without a code were read; absent in items of before it could be set. */
  readonly country?: string;
  readonly [key: string]: unknown;
}

/** True for the body of a webhook item that was not read yet. */
export function isWebhook(body: SealedBody): body is SealedBody & { readonly payload: WebhookPayload } {
  return body.payload.type === 'webhook';
}

/** Reads a sealed webhook item by a mapping. Pure: the same item and mapping give the same touchpoint for ever. */
export function readWebhook(
  envelope: Envelope,
  body: SealedBody & { readonly payload: WebhookPayload },
  mapping: SourceMapping,
): WebhookReading {
  const { webhook, country, violations } = body.payload;
  const { workspace, source, receivedAt, index } = envelope;
  const verdict = acceptItem(mapItem(mapping, webhook), {
    workspace,
    source,
    trust: body.trust ?? 'client',
    receivedAt,
    index,
    strict: false,
    // Whether the workspace used them was asked at receipt: what the envelope lacks was left out on purpose.
    reading: { country, nationalIds: true },
    bytesLimit: Number.POSITIVE_INFINITY,
    keepUnnamed: true,
  });
  if (verdict.outcome === 'refused') {
    const payload = { type: 'track' as const, event: 'Webhook Received', properties: { item: webhook.item } };
    return { envelope: { ...envelope, kind: 'track' }, body: { ...body, payload }, missed: [] };
  }
  const { kind, at, payload, identifiers } = verdict.touchpoint;
  const known = new Set(envelope.refs.map(({ ns }, i) => `${ns}:${body.ids[i] as string}`));
  return {
    envelope: { ...envelope, kind, at },
    body: { ...body, payload: violations === undefined ? payload : { ...payload, violations } },
    missed: identifiers.filter(
      ({ namespace, value, derived }) =>
        derived === undefined && namespace !== 'national_id' && !known.has(`${namespace}:${value}`),
    ),
  };
}

import type { SourceName, Workspace } from '#kernel';
import { acceptItem, type Accepted, type Refused } from '#touchpoint';
import { mapItem } from '../map-item.ts';
import type { SourceMapping } from '../source-mapping.ts';

/** Long after every fixture, so that no time lies in the future. */
export const RECEIVED_AT = Date.UTC(2030, 0, 1);

/** What ingest makes of an item that a server source's webhook brought. */
export function accepted(mapping: SourceMapping, item: unknown, topic?: string): Accepted | Refused {
  return acceptItem(mapItem(mapping, topic === undefined ? { item } : { item, topic }), {
    workspace: 'default' as Workspace,
    source: 'hook' as SourceName,
    trust: 'server',
    receivedAt: RECEIVED_AT,
    index: 0,
    strict: false,
  });
}

/** The identifiers of an accepted item as `namespace:value`, its event name and its time. */
export function summary(
  mapping: SourceMapping,
  item: unknown,
  topic?: string,
): { readonly event: string | undefined; readonly ids: readonly string[]; readonly at: string } | string {
  const result = accepted(mapping, item, topic);
  if (result.outcome === 'refused') return result.error.code;
  const { payload, identifiers, at } = result.touchpoint;
  return {
    event: payload.type === 'track' ? payload.event : payload.type,
    ids: identifiers.map(({ namespace, value }) => `${namespace}:${value}`),
    at: at === RECEIVED_AT ? 'received' : new Date(at).toISOString(),
  };
}

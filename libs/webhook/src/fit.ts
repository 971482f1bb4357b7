import { DEPTH_LIMIT, ITEM_BYTES_LIMIT } from '#touchpoint';
import { isObject, objectOf } from './json.ts';

/** Leaves room for what the collector adds to an item before it is measured. */
const BYTES = ITEM_BYTES_LIMIT - 1_024;

/** What is nested deeper than this, from `properties` down, is left out: an item may have `DEPTH_LIMIT` levels. */
const LEVELS = DEPTH_LIMIT - 4;

/** The parts that hold a vendor's own content. */
const CAN_SHRINK = ['properties', 'traits'] as const;

/** Members that go last: without them an order is no order. */
const ESSENTIAL = new Set(['order_id', 'revenue', 'subtotal', 'total', 'currency', 'products', 'email']);

/**
 * The item within the limits of ingest. A vendor's payload may be larger than an item can be; it is sealed as it came,
 * and what is mapped from it loses its largest members, whose names `context.temas.omitted` lists.
 */
export function fit(item: Record<string, unknown>): Record<string, unknown> {
  const shallow = cut(item, 0) as Record<string, unknown>;
  let bytes = sizeOf(shallow);
  if (bytes <= BYTES) return shallow;
  const omitted: string[] = [];
  const context = { ...objectOf(shallow.context) };
  const fitted: Record<string, unknown> = { ...shallow, context };
  const shrink = (holder: Record<string, unknown>, path: string): void => {
    const members = Object.entries(holder)
      .map(([name, value]) => ({ name, size: sizeOf(value) + name.length + 4 }))
      .sort((a, b) => Number(ESSENTIAL.has(a.name)) - Number(ESSENTIAL.has(b.name)) || b.size - a.size);
    for (const { name, size } of members) {
      if (bytes <= BYTES) return;
      delete holder[name];
      bytes -= size;
      if (omitted.length < 20) omitted.push(`${path}.${name}`.slice(0, 100));
    }
  };
  for (const part of CAN_SHRINK) {
    if (bytes <= BYTES || !isObject(fitted[part])) continue;
    const holder = { ...fitted[part] };
    fitted[part] = holder;
    shrink(holder, part);
  }
  if (bytes > BYTES && isObject(context.traits)) {
    const holder = { ...context.traits };
    context.traits = holder;
    shrink(holder, 'context.traits');
  }
  context.temas = { ...objectOf(context.temas), omitted };
  return fitted;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/** The value itself unless it is too deep, so that the common case copies nothing. */
function cut(value: unknown, level: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (level >= LEVELS) return null;
  if (Array.isArray(value)) {
    const elements: unknown[] = value.map((element) => cut(element, level + 1));
    return elements.some((element, i) => element !== value[i]) ? elements : value;
  }
  const entries = Object.entries(value);
  const kept = entries.map(([name, member]) => [name, cut(member, level + 1)] as const);
  return kept.some(([, member], i) => member !== entries[i]?.[1]) ? Object.fromEntries(kept) : value;
}

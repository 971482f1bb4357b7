const EVENTS_PER_VISIT = 8;
const VISITORS_AT_ONCE = 200;

/**
 * One event as a shop's site sends it, about 600 bytes, every one with a message id of its own. People come for
 * visits of eight events, two hundred at a time; a person comes back after everybody else has been there.
 */
export function benchEvent(n: number, people: number): object {
  const round = Math.floor(n / (EVENTS_PER_VISIT * VISITORS_AT_ONCE));
  return eventOf((round * VISITORS_AT_ONCE + (n % VISITORS_AT_ONCE)) % people, n);
}

function eventOf(person: number, n: number): object {
  return {
    type: 'track',
    messageId: `bench-${n}-${Math.floor(n / 97)}`,
    userId: `user-${person}`,
    anonymousId: `device-${person}-4f1c9a7e55`,
    event: 'Product Viewed',
    timestamp: '2026-11-01T10:15:30.123Z',
    properties: {
      product_id: `sku-${n % 5000}`,
      name: 'Trail running shoe, waterproof, men',
      category: 'Shoes > Running',
      price: 89.9,
      currency: 'EUR',
      position: n % 24,
    },
    context: {
      locale: 'tr-TR',
      page: { path: '/shoes/trail', url: 'https://shop.example/shoes/trail?utm_source=news', referrer: '' },
      library: { name: 'analytics.js', version: '2.11.1' },
      campaign: { name: 'autumn' },
    },
  };
}

/** Bodies of `/v1/batch` calls with `perBatch` events each. */
export function batchBodies(count: number, perBatch: number, people: number, offset = 0): Buffer[] {
  return Array.from({ length: count }, (_, i) => {
    const batch = Array.from({ length: perBatch }, (__, j) => benchEvent(offset + i * perBatch + j, people));
    return Buffer.from(JSON.stringify({ batch }));
  });
}

/** Bodies of `/v1/track` calls. */
export function singleBodies(count: number, people: number, offset = 0): Buffer[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(JSON.stringify(benchEvent(offset + i, people))));
}

/** One event of every person, in `/v1/batch` bodies of 100: after these everybody is known. */
export function everybody(people: number): Buffer[] {
  return Array.from({ length: Math.ceil(people / 100) }, (_, i) => {
    const batch = Array.from({ length: 100 }, (__, j) => eventOf(i * 100 + j, i * 100 + j));
    return Buffer.from(JSON.stringify({ batch }));
  });
}

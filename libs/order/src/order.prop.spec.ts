import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FACTS_MAX, keptFacts } from './kept-facts.ts';
import { formatMoney, parseMoney } from './money.ts';
import type { OrderInput } from './order-input.ts';
import { input, orderFrom, readOrder, storeOf, type MemoryRows } from './testing/inputs.ts';

const long = process.env.TEMAS_LONG === '1';
const numRuns = long ? 10_000 : 400;
const TIMEOUT = 300_000;

const amount = fc.option(
  fc.constantFrom(0, '0.0001', 10, '33.3333', 33.3334, '99.99', 100, '1,5', -7, '1e14'),
  {
    nil: undefined,
  },
);
const currency = fc.option(fc.constantFrom('TRY', 'usd', 'EURO'), { nil: undefined });
const products = fc.option(
  fc.array(fc.record({ product_id: fc.constantFrom('p', 'q'), price: amount, currency }), { maxLength: 3 }),
  { nil: undefined },
);
const namespace = fc.constantFrom('user_id', 'email', 'phone', 'gaid', 'anonymous_id');
const name = fc.constantFrom(
  'Order Completed',
  'Updated Order',
  'Order Refunded',
  'Order Refunded',
  'Order Cancelled',
);

/** Times collide often, so that ties reach the place in the log; places grow to another number of digits. */
const said = fc.record({
  name,
  at: fc.integer({ min: 0, max: 3 }),
  anchor: fc.option(fc.tuple(namespace, fc.constantFrom('1', '2', '3')), { freq: 4 }),
  properties: fc.record({ revenue: amount, total: amount, tax: amount, currency, products }),
});

const history = (size: { minLength?: number; maxLength: number }): fc.Arbitrary<OrderInput[]> =>
  fc
    .array(said, size)
    .map((events) =>
      events.map((event, i) => input(event.name, event.properties, { ...event, place: i + 5 })),
    );

const histories = history({ maxLength: 12 });

/** The same events in another order, some of them repeated, cut into blocks. */
function retold(given: readonly OrderInput[], repeats: boolean): fc.Arbitrary<OrderInput[][]> {
  return fc
    .tuple(
      fc.subarray([...given], { maxLength: repeats ? given.length : 0 }),
      fc.infiniteStream(fc.boolean()),
    )
    .chain(([again, cuts]) => {
      const all = [...given, ...again];
      return fc.shuffledSubarray(all, { minLength: all.length }).map((shuffled) => {
        const blocks: OrderInput[][] = [[]];
        for (const one of shuffled) {
          if (cuts.next().value) blocks.push([]);
          blocks.at(-1)?.push(one);
        }
        return blocks;
      });
    });
}

const rowsOf = (store: MemoryRows): [string, string][] =>
  [...store.rows].map(([key, row]): [string, string] => [key, row.toString()]).sort();

describe('an order', () => {
  it(
    'is the same in any order of arrival, in any blocks, however often it is told',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          histories.chain((given) => fc.tuple(fc.constant(given), retold(given, true))),
          async ([given, blocks]) => {
            const [straight, other] = [await storeOf([given]), await storeOf(blocks)];
            expect(await readOrder(other)).toEqual(await readOrder(straight));
            expect(rowsOf(other)).toEqual(rowsOf(straight));
          },
        ),
        { numRuns },
      );
    },
    TIMEOUT,
  );

  it(
    'stays so where it has more events than are kept',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          history({ minLength: FACTS_MAX + 1, maxLength: FACTS_MAX + 80 }).chain((given) =>
            fc.tuple(fc.constant(given), retold(given, false)),
          ),
          async ([given, blocks]) => {
            const [straight, other] = [await storeOf([given]), await storeOf(blocks)];
            expect(rowsOf(other)).toEqual(rowsOf(straight));
            const row = JSON.parse(straight.rows.get('o.order default/o-1')?.toString() ?? '') as {
              facts: { eventId: string }[];
              dropped: number;
            };
            expect(row.facts.length).toBeLessThanOrEqual(FACTS_MAX + 5);
            expect(row.facts.length + row.dropped).toBe(given.length);
            const atOnce = keptFacts(given.map(({ fact }) => fact)).map(({ eventId }) => eventId);
            expect(new Set(row.facts.map(({ eventId }) => eventId))).toEqual(new Set(atOnce));
          },
        ),
        { numRuns: long ? 300 : 8 },
      );
    },
    TIMEOUT,
  );

  it(
    'adds up',
    async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (given) => {
          const order = await orderFrom(given);
          if (order === null) return;
          const [gross, refunded, net] = [order.gross, order.refunded, order.net].map(
            (text) => parseMoney(text) as bigint,
          ) as [bigint, bigint, bigint];
          expect(refunded >= 0n && refunded <= gross).toBe(true);
          expect(net).toBe(order.status === 'cancelled' ? 0n : gross - refunded);
          if (order.status === 'completed') expect(refunded).toBe(0n);
          if (order.status === 'refunded') expect([refunded > 0n, net]).toEqual([true, 0n]);
          if (order.status === 'partially_refunded') expect(refunded > 0n && net > 0n).toBe(true);
        }),
        { numRuns },
      );
    },
    TIMEOUT,
  );

  it(
    'is what a plain reading of its events says',
    async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (given) => {
          const order = await orderFrom(given);
          expect(order === null ? null : { ...order, items: order.items.length }).toEqual(plainly(given));
        }),
        { numRuns },
      );
    },
    TIMEOUT,
  );

  it(
    'sums refunds as whole numbers do',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.bigInt({ min: 1n, max: 10n ** 13n }), { minLength: 1, maxLength: 40 }),
          async (parts) => {
            const refunds = parts.map((part, i) =>
              input('Order Refunded', { total: formatMoney(part) }, { place: i + 2 }),
            );
            const order = await orderFrom([
              input('Order Completed', { revenue: '99999999999999.9999' }),
              ...refunds,
            ]);
            expect(order?.refunded).toBe(formatMoney(parts.reduce((sum, part) => sum + part, 0n)));
          },
        ),
        { numRuns },
      );
    },
    TIMEOUT,
  );
});

const PRIORITY = ['user_id', 'email', 'phone', 'gaid', 'anonymous_id'];

/** Reads a history from its first event to its last, as one would on paper. */
function plainly(given: readonly OrderInput[]): unknown {
  const events = given.toSorted(
    (a, b) => a.fact.at - b.fact.at || Number(a.fact.position) - Number(b.fact.position),
  );
  let gross: bigint | undefined;
  let named: string | null = null;
  let grossCurrency: string | null = null;
  let negative = false;
  let items = 0;
  let completedAt: number | undefined;
  let updatedAt: number | undefined;
  let anchor: readonly [number, string] | undefined;
  for (const { fact, lines } of events) {
    const rank = PRIORITY.indexOf(fact.anchor?.[0] ?? '');
    if (fact.anchor !== null && (anchor === undefined || rank < anchor[0])) anchor = [rank, fact.anchor[1]];
    if (fact.kind === 'refunded' || fact.kind === 'cancelled') continue;
    if (fact.kind === 'completed') completedAt ??= fact.at;
    else updatedAt ??= fact.at;
    if (fact.currency !== null) named = fact.currency;
    if (fact.amount !== null) [gross, grossCurrency] = [parseMoney(fact.amount), fact.currency];
    negative ||= fact.negative === true;
    if (lines !== undefined) items = lines.lines.length;
  }
  const orderedAt = completedAt ?? updatedAt;
  if (orderedAt === undefined) return null;
  const currency = grossCurrency ?? named ?? 'USD';
  const refunds = events.map(({ fact }) => fact).filter(({ kind }) => kind === 'refunded');
  const foreign = refunds.filter(
    (one) => one.amount !== null && one.currency !== null && one.currency !== currency,
  );
  const unreadable = refunds.filter((one) => one.unreadable);
  const total = gross ?? 0n;
  const sum = refunds
    .filter((one) => !foreign.includes(one))
    .reduce((all, one) => all + (one.amount === null ? total : (parseMoney(one.amount) as bigint)), 0n);
  const refunded = sum > total ? total : sum;
  const cancelled = events.some(({ fact }) => fact.kind === 'cancelled');
  return {
    workspace: 'default',
    orderId: 'o-1',
    anchor: anchor?.[1] ?? null,
    orderedAt,
    status: cancelled
      ? 'cancelled'
      : refunded === 0n
        ? 'completed'
        : refunded < total
          ? 'partially_refunded'
          : 'refunded',
    currency,
    gross: formatMoney(total),
    refunded: formatMoney(refunded),
    net: formatMoney(cancelled ? 0n : total - refunded),
    items,
    flags: [
      ['amount_missing', gross === undefined && !negative ? 1 : 0] as const,
      ['amount_negative', gross === undefined && negative ? 1 : 0] as const,
      ['refund_in_other_currency', foreign.length] as const,
      ['refund_unreadable', unreadable.length] as const,
    ].flatMap(([code, count]) => (count > 0 ? [{ code, count }] : [])),
  };
}

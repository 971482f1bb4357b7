import { compareText } from '#kernel';
import { compareFacts, decisiveFacts } from './decisive-facts.ts';
import type { OrderFact } from './order-rows.ts';

/** Facts kept of an order, apart from the handful that decide its row. Each further event rewrites them all. */
export const FACTS_MAX = 200;

/**
 * The facts of an order that are kept: those that decide its row, and of all the first 200 in a fixed order that puts
 * first what weighs most, full refunds, then large ones. Both are extremes of total orders, so leaving facts out again
 * and again ends with what leaving them out at once would: arrival order does not matter here either. Only an order of
 * more than 200 refunds loses something that counts: its smallest ones.
 */
export function keptFacts(facts: readonly OrderFact[]): readonly OrderFact[] {
  if (facts.length <= FACTS_MAX) return facts;
  const kept = new Set(facts.toSorted(weightiestFirst).slice(0, FACTS_MAX));
  for (const fact of Object.values(decisiveFacts(facts)) as (OrderFact | undefined)[]) {
    if (fact !== undefined) kept.add(fact);
  }
  return facts.filter((fact) => kept.has(fact));
}

function weightiestFirst(a: OrderFact, b: OrderFact): number {
  const [refundA, refundB] = [a.kind === 'refunded', b.kind === 'refunded'];
  if (refundA !== refundB) return refundA ? -1 : 1;
  return (refundA ? compareRefunds(a, b) : 0) || compareFacts(b, a);
}

function compareRefunds(a: OrderFact, b: OrderFact): number {
  if (a.amount === null || b.amount === null) return Number(a.amount !== null) - Number(b.amount !== null);
  // Four digits after the point: of two, the longer text is the larger amount.
  return b.amount.length - a.amount.length || compareText(b.amount, a.amount);
}

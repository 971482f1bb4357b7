import { compareText } from '#kernel';
import { namespaceRules } from '#touchpoint';
import type { OrderFact } from './order-rows.ts';

/** The facts of an order that decide its row, refunds' amounts apart. */
export interface DecisiveFacts {
  /** Newest Completed or Updated that states an amount. */
  readonly gross: OrderFact | undefined;
  /** Newest Completed or Updated whose amount lies below zero. */
  readonly negative: OrderFact | undefined;
  /** Newest Completed or Updated that names a currency. */
  readonly currency: OrderFact | undefined;
  /** Earliest Completed, else earliest Updated; absent: there is no order yet. */
  readonly ordered: OrderFact | undefined;
  readonly cancelled: OrderFact | undefined;
  /** Earliest of those with the best anchor, whatever the fact says. */
  readonly person: OrderFact | undefined;
}

/** Finds them. Each is an extreme of a total order, so neither arrival order nor repetition matters. */
export function decisiveFacts(facts: readonly OrderFact[]): DecisiveFacts {
  const stated = facts.filter(({ kind }) => kind === 'completed' || kind === 'updated');
  return {
    gross: first(stated, (fact) => fact.amount !== null, newestFirst),
    negative: first(stated, (fact) => fact.negative === true, newestFirst),
    currency: first(stated, (fact) => fact.currency !== null, newestFirst),
    ordered:
      first(stated, (fact) => fact.kind === 'completed', compareFacts) ??
      first(stated, (fact) => fact.kind === 'updated', compareFacts),
    cancelled: first(facts, (fact) => fact.kind === 'cancelled', compareFacts),
    person: first(facts, (fact) => fact.anchor !== null, bestAnchorFirst),
  };
}

/** Total order of an order's facts: by event time, then place in the log, then event id. */
export function compareFacts(
  a: Pick<OrderFact, 'at' | 'position' | 'eventId'>,
  b: Pick<OrderFact, 'at' | 'position' | 'eventId'>,
): number {
  return (
    a.at - b.at ||
    // Decimals without leading zeros: the longer one is the greater.
    a.position.length - b.position.length ||
    compareText(a.position, b.position) ||
    compareText(a.eventId, b.eventId)
  );
}

function newestFirst(a: OrderFact, b: OrderFact): number {
  return compareFacts(b, a);
}

function bestAnchorFirst(a: OrderFact, b: OrderFact): number {
  return priorityOf(a) - priorityOf(b) || compareFacts(a, b);
}

function priorityOf({ anchor }: OrderFact): number {
  return anchor === null ? Number.POSITIVE_INFINITY : namespaceRules(anchor[0]).priority;
}

function first(
  facts: readonly OrderFact[],
  wanted: (fact: OrderFact) => boolean,
  compare: (a: OrderFact, b: OrderFact) => number,
): OrderFact | undefined {
  let best: OrderFact | undefined;
  for (const fact of facts) {
    if (wanted(fact) && (best === undefined || compare(fact, best) < 0)) best = fact;
  }
  return best;
}

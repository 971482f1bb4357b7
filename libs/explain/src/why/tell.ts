import { isoTime, type EventId, type Ref } from '#kernel';
import type {
  ExplainedOrder,
  Explanation,
  HeldLink,
  NamedRef,
  RefusedLink,
  Relation,
  Saying,
} from '#identity';
import type {
  ToldIdentifier,
  ToldLink,
  ToldOrder,
  ToldProfile,
  ToldRefusal,
  ToldRelation,
  ToldSaying,
} from './told.types.ts';

/** What an event was, beside what it said of identifiers. */
export interface EventFacts {
  readonly source?: string;
  readonly kind: string;
  readonly event: string;
  /** Who confirmed a correction. */
  readonly actor?: string;
  /** Times: ISO 8601, UTC with milliseconds. */
  readonly at: string;
  readonly recordedAt: string;
}

/** What explanations lack: values of identifiers, and what their events were. */
export interface Known {
  readonly values: ReadonlyMap<Ref, string>;
  readonly events: ReadonlyMap<EventId, EventFacts>;
}

/** Makes answers of explanations. */
export class Teller {
  constructor(private readonly known: Known) {}

  /** A profile. */
  profile({ profileId, identifiers, links, refused, orders }: Explanation): ToldProfile {
    return {
      id: profileId,
      identifiers: identifiers.map(({ quarantined, shared, founding, ...named }) => ({
        ...this.identifier(named),
        quarantined,
        shared,
        founding,
      })),
      links: links.map((link) => this.#link(link)),
      refused: refused.map((link) => this.#refusal(link)),
      orders: orders.map((order) => this.#order(order)),
    };
  }

  /** A pair; `orders` are those of its profiles. */
  relation(
    relation: Relation,
    [from, to]: readonly [NamedRef, NamedRef],
    orders: readonly ExplainedOrder[],
  ): ToldRelation {
    const ends = { from: this.identifier(from), to: this.identifier(to) };
    switch (relation.outcome) {
      case 'strangers':
        return { ...ends, outcome: 'strangers' };
      case 'refused':
        return { ...ends, outcome: 'refused', refused: relation.refused.map((link) => this.#refusal(link)) };
      case 'together': {
        const { path, undoing } = relation;
        const given = orders.filter(({ commandId }) => undoing.orders.includes(commandId));
        return {
          ...ends,
          outcome: 'together',
          path: path.map((link) => this.#link(link)),
          undoing: {
            links: undoing.links.map((link) => this.#link(link)),
            orders: given.map((order) => this.#order(order)),
          },
        };
      }
    }
  }

  /** An identifier, with its value where that may be told. */
  identifier({ ns, ref }: NamedRef): ToldIdentifier {
    const value = this.known.values.get(ref);
    return { anchor: ref, namespace: ns, ...(value === undefined ? {} : { value }) };
  }

  #link({ from, to, sayings, ...link }: HeldLink): ToldLink {
    const told = sayings.map((saying) => this.#saying(saying));
    return { from: this.identifier(from), to: this.identifier(to), ...link, sayings: told };
  }

  #refusal({ from, to, saying, ...link }: RefusedLink): ToldRefusal {
    const ends = { from: this.identifier(from), to: this.identifier(to) };
    return { ...ends, ...link, saying: this.#saying(saying) };
  }

  #order({ refs, ...order }: ExplainedOrder): ToldOrder {
    return { ...order, identifiers: refs.map((named) => this.identifier(named)) };
  }

  #saying({ at, ...saying }: Saying): ToldSaying {
    return { ...saying, at: isoTime(at), ...this.known.events.get(saying.eventId) };
  }
}

/** Every identifier that explanations name. */
export function refsIn(explanations: readonly Explanation[]): Set<Ref> {
  const refs = new Set<Ref>();
  for (const { identifiers, links, refused, orders } of explanations) {
    for (const { ref } of identifiers) refs.add(ref);
    for (const { from, to } of [...links, ...refused]) refs.add(from.ref).add(to.ref);
    for (const order of orders) for (const { ref } of order.refs) refs.add(ref);
  }
  return refs;
}

/** Every event that explanations name. */
export function eventsIn(explanations: readonly Explanation[]): Set<EventId> {
  const events = new Set<EventId>();
  for (const { links, refused } of explanations) {
    for (const { sayings } of links) for (const { eventId } of sayings) events.add(eventId);
    for (const { saying } of refused) events.add(saying.eventId);
  }
  return events;
}

import type { EventId, ProfileId, Ref } from '#kernel';
import type { ExplainedOrder, RefusedLink } from '#identity';

/** An identifier as an answer names it. */
export interface ToldIdentifier {
  /** Stand-in of the identifier, as in `anchor_id`. */
  readonly anchor: Ref;
  /** Empty for one that only an operator's order names. */
  readonly namespace: string;
  /** Canonical value; absent for readers who may not see it, and where it is not known any more. Personal data. */
  readonly value?: string;
}

/** A saying with what is known of its event. Times are ISO 8601, UTC with milliseconds. */
export interface ToldSaying {
  readonly eventId: EventId;
  /** Event time. */
  readonly at: string;
  readonly strength: number;
  readonly record?: string;
  /** Log time; this and what follows is absent for events that cannot be read any more. */
  readonly recordedAt?: string;
  readonly source?: string;
  /** track, identify, page, …, `derived` for identifiers that a newer mapping found later, `confirmed` for a correction. */
  readonly kind?: string;
  /** Who confirmed a correction, where that is what said it. */
  readonly actor?: string;
  /** Name of the event; empty where its kind has none. */
  readonly event?: string;
}

/** A link that holds a profile together. */
export interface ToldLink {
  readonly from: ToldIdentifier;
  readonly to: ToldIdentifier;
  readonly joins: boolean;
  readonly rule: string;
  readonly tier?: 1 | 2;
  /** What decided first; the others say it again. */
  readonly sayings: readonly ToldSaying[];
  /** The operator's order that made it. */
  readonly order?: EventId;
}

/** A link that was refused. */
export interface ToldRefusal extends Omit<RefusedLink, 'from' | 'to' | 'saying'> {
  readonly from: ToldIdentifier;
  readonly to: ToldIdentifier;
  readonly saying: ToldSaying;
}

/** An operator's order. */
export interface ToldOrder extends Omit<ExplainedOrder, 'refs'> {
  readonly identifiers: readonly ToldIdentifier[];
}

/** Why a profile is what it is. */
export interface ToldProfile {
  readonly id: ProfileId;
  readonly identifiers: readonly (ToldIdentifier & {
    readonly quarantined: boolean;
    readonly shared: boolean;
    readonly founding: boolean;
  })[];
  readonly links: readonly ToldLink[];
  readonly refused: readonly ToldRefusal[];
  readonly orders: readonly ToldOrder[];
}

/** Why two identifiers are one person's, or are not. */
export type ToldRelation = { readonly from: ToldIdentifier; readonly to: ToldIdentifier } & (
  | {
      readonly outcome: 'together';
      readonly path: readonly ToldLink[];
      /** All of it would have to be undone to part them. */
      readonly undoing: { readonly links: readonly ToldLink[]; readonly orders: readonly ToldOrder[] };
    }
  | { readonly outcome: 'refused'; readonly refused: readonly ToldRefusal[] }
  | { readonly outcome: 'strangers' }
);

/** An explanation as readers get it: of one profile, or of two identifiers with their one or two profiles. */
export interface Told {
  /** Version of the rules of identity that decided; 0: the defaults. */
  readonly rulesVersion: number;
  readonly profiles: readonly ToldProfile[];
  readonly relation?: ToldRelation;
}

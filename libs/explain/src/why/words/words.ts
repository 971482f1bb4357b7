import type { ToldIdentifier, ToldOrder, ToldRefusal, ToldSaying } from '../told.types.ts';

/** A language in which Temas explains itself. */
export type LanguageCode = 'en' | 'tr';

/** Everything that is said of people, in one language. Complete sentences end with a full stop. */
export interface Words {
  /** What a namespace is called. */
  namespace(ns: string): string;
  /** An identifier in a sentence, with its value if that may be seen. */
  identifier(identifier: ToldIdentifier): string;
  /** A moment (ISO 8601) in UTC, and says so. */
  moment(iso: string): string;
  /** A moment in few letters, for pictures. */
  shortMoment(iso: string): string;
  /** A saying's event: what, from where, when. */
  occasion(saying: ToldSaying): string;

  person(id: string, count: number): string;
  held(a: string, b: string, occasion: string, strength: string, rule: string): string;
  strength(strength: number): string;
  heldByOrder(a: string, b: string, order: string): string;
  again(count: number): string;
  alone(identifier: string, why: 'quarantined' | 'shared'): string;
  refusedTitle: string;
  refused(a: string, b: string, why: string, occasion: string, rule: string): string;
  /** Why a link was refused, without subject and full stop. */
  whyRefused(refusal: Pick<ToldRefusal, 'reason' | 'limit' | 'namespace'>): string;
  andMore(count: number): string;
  ordersTitle: string;
  order(order: ToldOrder, identifiers: string): string;
  rules(version: number): string;

  together(a: string, b: string): string;
  apart(a: string, b: string): string;
  strangers(a: string, b: string): string;
  path: string;
  undoing: string;
  undo(link: string): string;
  takeBack(order: string): string;
  sayings(count: number): string;
  instead(command: string): string;

  /** What was decided; a full stop ends each. */
  decision: {
    created(founding: string, known: boolean): string;
    identified(identifiers: string): string;
    linked(identifier: string, to: string): string;
    merged(into: string, from: string, moved: string): string;
    absorbed(profile: string, into: string): string;
    split(profile: string, parts: readonly string[], why: string): string;
    rejected(identifier: string, to: string, why: string): string;
    contradiction(identifiers: string): string;
    revoked(identifier: string, to: string, why: string): string;
    quarantined(identifier: string, flood: boolean): string;
    shared(identifier: string): string;
    /** Why a link was taken away or a profile parted, without subject and full stop. */
    gone(reason: string): string;
  };

  picture: {
    title(count: number): string;
    twoPeople: string;
    unique: string;
    contact: string;
    device: string;
    refused: string;
    confirms: string;
    order: string;
    path: string;
    cut: string;
    reason(reason: ToldRefusal['reason']): string;
    more(identifiers: number, refusals: number): string;
  };
}

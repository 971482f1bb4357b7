import type { ToldIdentifier, ToldOrder, ToldRefusal, ToldSaying } from '../told.types.ts';

/** A language in which Temas explains itself. */
export type LanguageCode = 'en' | 'tr';

/** Everything that is said of people, in one language. Complete sentences end with a full stop. */
export interface Words {
  /** What a namespace is called. */
  readonly namespace: (ns: string) => string;
  /** An identifier in a sentence, with its value if that may be seen. */
  readonly identifier: (identifier: ToldIdentifier) => string;
  /** A moment (ISO 8601) in UTC, and says so. */
  readonly moment: (iso: string) => string;
  /** A moment in few letters, for pictures. */
  readonly shortMoment: (iso: string) => string;
  /** A saying's event: what, from where, when. */
  readonly occasion: (saying: ToldSaying) => string;

  readonly person: (id: string, count: number) => string;
  readonly held: (a: string, b: string, occasion: string, strength: string, rule: string) => string;
  readonly strength: (said: Pick<ToldSaying, 'strength' | 'kind'>) => string;
  readonly heldByOrder: (a: string, b: string, order: string) => string;
  readonly again: (count: number) => string;
  readonly alone: (identifier: string, why: 'quarantined' | 'shared') => string;
  readonly refusedTitle: string;
  readonly refused: (a: string, b: string, why: string, occasion: string, rule: string) => string;
  /** Why a link was refused, without subject and full stop. */
  readonly whyRefused: (refusal: Pick<ToldRefusal, 'reason' | 'limit' | 'namespace'>) => string;
  readonly andMore: (count: number) => string;
  readonly ordersTitle: string;
  readonly order: (order: ToldOrder, identifiers: string) => string;
  readonly rules: (version: number) => string;

  readonly together: (a: string, b: string) => string;
  readonly apart: (a: string, b: string) => string;
  readonly strangers: (a: string, b: string) => string;
  readonly path: string;
  readonly undoing: string;
  readonly undo: (link: string) => string;
  readonly takeBack: (order: string) => string;
  readonly sayings: (count: number) => string;
  readonly instead: (command: string) => string;

  /** What was decided; a full stop ends each. */
  readonly decision: {
    readonly created: (founding: string, known: boolean) => string;
    readonly identified: (identifiers: string) => string;
    readonly linked: (identifier: string, to: string) => string;
    readonly merged: (into: string, from: string, moved: string) => string;
    readonly absorbed: (profile: string, into: string) => string;
    readonly split: (profile: string, parts: readonly string[], why: string) => string;
    readonly rejected: (identifier: string, to: string, why: string) => string;
    readonly contradiction: (identifiers: string) => string;
    readonly revoked: (identifier: string, to: string, why: string) => string;
    readonly quarantined: (identifier: string, flood: boolean) => string;
    readonly shared: (identifier: string) => string;
    /** Why a link was taken away or a profile parted, without subject and full stop. */
    readonly gone: (reason: string) => string;
  };

  readonly picture: {
    readonly title: (count: number) => string;
    readonly twoPeople: string;
    readonly unique: string;
    readonly contact: string;
    readonly device: string;
    readonly refused: string;
    readonly confirms: string;
    readonly order: string;
    readonly path: string;
    readonly cut: string;
    readonly reason: (reason: ToldRefusal['reason']) => string;
    readonly more: (identifiers: number, refusals: number) => string;
  };
}

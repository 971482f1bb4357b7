import type { EventId, Ref } from '#kernel';

/** What an operator orders about people (rule R8). Identifiers stand here as refs: no value is in the log. */
export type IdentityOrder =
  | { readonly kind: 'force_merge'; readonly refs: readonly Ref[] }
  | { readonly kind: 'forbid'; readonly a: Ref; readonly b: Ref }
  | { readonly kind: 'release'; readonly ref: Ref }
  | { readonly kind: 'lift'; readonly ref: Ref }
  | { readonly kind: 'undo'; readonly command: EventId };

/** An order that was given, and who gave it. */
export interface IdentityCommand {
  /** Id of the command and of its event; `undo` names it. */
  readonly commandId: EventId;
  readonly order: IdentityOrder;
  /** Who ordered it: role of the API key, or `role:name` where its caller named somebody. */
  readonly actor: string;
  readonly reason: string;
  /** Ms since 1970 UTC. */
  readonly at: number;
  /** True if a later command took it back. */
  readonly undone: boolean;
}

/** Identifiers of one forced merge, at most. */
export const MAX_MERGED = 50;

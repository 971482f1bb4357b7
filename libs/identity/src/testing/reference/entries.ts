import type { Command, Erasure, Observation } from '../../identity.types.ts';

/** One input of identity, in log order. */
export type Entry =
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'erasure'; readonly erasure: Erasure };

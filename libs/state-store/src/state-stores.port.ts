import type { StateStore } from './state-store.port.ts';

/**
 * The state stores of one projector: one a generation of the projections (design §8), a note of the generation that
 * is read, and stores for trials that are thrown away. Every adapter passes `stateStoresContract`.
 */
export interface StateStores {
  /** Opens the store of a generation (from 1), created if missing. */
  open(generation: number): Promise<StateStore>;

  /** Throws a generation away, all of it; its store must be closed. No error if there is none. */
  drop(generation: number): Promise<void>;

  /** Generations that have a store, ascending. */
  list(): Promise<readonly number[]>;

  /** The generation that is read; 1 if none was ever written. */
  readCurrent(): Promise<number>;

  /** Makes a generation the one that is read, durable when answered. */
  writeCurrent(generation: number): Promise<void>;

  /** Opens a store (`[a-z]{1,16}`) for a trial, created if missing. */
  openScratch(name: string): Promise<StateStore>;

  /** Throws the stores for trials away; they must be closed. */
  dropScratch(): Promise<void>;

  /** Closes what the stores share, after they were closed. Idempotent. */
  close(): Promise<void>;
}

import type { Lease } from '#state-store';

/** Name of the lease of those who run the projections. */
export const PROJECTOR_LEASE = 'projector';

/** Waits for the lease; answers `undefined` when aborted. */
export type AcquireLease = (signal: AbortSignal) => Promise<Lease | undefined>;

/** The lease of a process that shares its engines with nobody: it never ends. */
export const SOLE_LEASE: AcquireLease = async () => ({
  name: PROJECTOR_LEASE,
  epoch: 0n,
  lost: new AbortController().signal,
  release: async () => undefined,
});

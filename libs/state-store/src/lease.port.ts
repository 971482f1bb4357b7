/** Which holding of a lease a writer writes under. */
export interface LeaseEpoch {
  readonly name: string;
  /** Grows with every holder, from 1: of two writers the one with the greater epoch is in the right. */
  readonly epoch: bigint;
}

/** A lease held by this process. */
export interface Lease extends LeaseEpoch {
  /**
   * Aborts once another process holds the lease, or this one has not renewed it for its whole time to live, by a
   * clock that no one sets. It may come late (a stopped process hears nothing): what must not be written by a deposed
   * holder is fenced by `epoch` where it is written.
   */
  readonly lost: AbortSignal;
  /** Lets the next holder in at once. Idempotent; answers also where the lease is lost. */
  release(): Promise<void>;
}

/** A lease as it stands. */
export interface LeaseStanding extends LeaseEpoch {
  /** Who holds it, for people; `null`: nobody. */
  readonly holder: string | null;
  /** Ms since its last renewal, by the clock of the database. */
  readonly renewedAgoMs: number;
}

/** Lets one process at a time do something, and another one follow it within seconds when it dies. */
export interface Leases {
  /** Waits, as a hot standby, until the lease is free or has run out, and takes it. `undefined` if aborted before. */
  acquire(name: string, signal: AbortSignal): Promise<Lease | undefined>;

  /** The lease as it stands; `undefined` if nobody has ever held it. */
  standing(name: string): Promise<LeaseStanding | undefined>;

  /** Releases what is held and closes. Idempotent. */
  close(): Promise<void>;
}

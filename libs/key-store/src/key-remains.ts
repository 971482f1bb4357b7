/** What is left of keys that the newest erasure destroyed, for its certificate. */
export interface KeyRemains {
  /** When the keys were destroyed, RFC 3339, by the clock of the database. */
  readonly erasedAt: string;
  /**
   * Old bucket keys, under the master key, may stand in the write-ahead log up to here: in segments that the server
   * has not yet recycled and overwritten, in archived ones, and in backups taken before. `null`: not swept yet.
   */
  readonly walUpTo: string | null;
  /** False: the role may not switch segments, so that the one with `walUpTo` is still being written. */
  readonly walSwitched: boolean | null;
  /** True if the server archives its write-ahead log: what is in the archive stays until the archive drops it. */
  readonly archiving: boolean | null;
}

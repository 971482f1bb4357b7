/** A decision as it stands in a `profile-*` stream; `revokes` on a correction. */
export interface Published {
  readonly id: string;
  readonly revokes?: readonly string[];
}

/** What must be appended to a `profile-*` stream so that it says what the fold says. */
export interface Reconciliation {
  /** How many of the wanted decisions, from the first, stand in the stream already. */
  readonly present: number;
  /** Published decisions that the fold no longer makes and nobody has revoked yet. */
  readonly revoke: readonly string[];
  /** How much further back the next wanted decision goes than the fold counts. */
  readonly shift: number;
}

/**
 * Compares what stands in a stream from some revision on with what the fold wants there. They differ only where
 * a rebuild ran with other code or other rules: what is no longer decided is revoked, the new line follows
 * (design §8: the difference is published as corrections). Running it again on its own result changes nothing.
 */
export function reconcile(published: readonly Published[], wanted: readonly string[]): Reconciliation {
  const revoked = new Set(published.flatMap(({ revokes }) => revokes ?? []));
  const stale = (entry: Published): boolean => entry.revokes === undefined && !revoked.has(entry.id);
  const revoke: string[] = [];
  let place = 0;
  let present = 0;
  for (const id of wanted) {
    const found = published.findIndex((entry, i) => i >= place && entry.id === id);
    if (found < 0) break;
    revoke.push(...published.slice(place, found).filter(stale).map((entry) => entry.id));
    place = found + 1;
    present++;
  }
  if (present === wanted.length) return { present, revoke, shift: place - present };
  revoke.push(...published.slice(place).filter(stale).map((entry) => entry.id));
  return { present, revoke, shift: published.length + (revoke.length > 0 ? 1 : 0) - present };
}

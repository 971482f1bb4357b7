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
  const stands = standing(published);
  const idsInForce = (from: number, to: number): string[] =>
    published.slice(from, to).flatMap(({ id }, i) => (stands[from + i] ? [id] : []));
  const revoke: string[] = [];
  let place = 0;
  let present = 0;
  for (const id of wanted) {
    const found = published.findIndex((entry, i) => i >= place && stands[i] && entry.id === id);
    if (found < 0) break;
    revoke.push(...idsInForce(place, found));
    place = found + 1;
    present++;
  }
  if (present === wanted.length) return { present, revoke, shift: place - present };
  revoke.push(...idsInForce(place, published.length));
  return { present, revoke, shift: published.length + (revoke.length > 0 ? 1 : 0) - present };
}

/** Ids of the decisions that no correction among these takes back. */
export function inForce(published: readonly Published[]): string[] {
  const stands = standing(published);
  return published.flatMap(({ id }, i) => (stands[i] ? [id] : []));
}

/** Which entries are decisions that no later correction takes back. */
function standing(published: readonly Published[]): boolean[] {
  const revoked = new Set<string>();
  const stands = published.map(() => false);
  for (let i = published.length - 1; i >= 0; i--) {
    const { id, revokes } = published[i] as Published;
    if (revokes === undefined) stands[i] = !revoked.has(id);
    else for (const other of revokes) revoked.add(other);
  }
  return stands;
}

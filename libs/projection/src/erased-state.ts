import type { Ref } from '#kernel';
import type { StateStore } from '#state-store';

/** Collections whose rows have a ref as their key, and those whose keys begin with `<ref>/`. */
const BY_REF = ['p.anchor', 'p.ident', 'c.choice', 'x.guess'];
const UNDER_REF = ['s.day', 'o.anchor', 'a.member'];

/** Keys `<ref>/…` of a collection, in order of the refs. */
export async function keysUnder(
  state: StateStore,
  collection: string,
  refs: readonly Ref[],
): Promise<string[]> {
  const keys: string[] = [];
  for (const ref of refs) {
    // `0` is the sign after `/`.
    for await (const { key } of state.scan({ collection, gte: `${ref}/`, lt: `${ref}0` })) keys.push(key);
  }
  return keys;
}

/** Rows that a generation's state holds of erased identifiers: what they said, did, bought, agreed to. */
export async function countErasedState(state: StateStore, refs: readonly Ref[]): Promise<number> {
  const rows = await state.read(BY_REF.flatMap((collection) => refs.map((key) => ({ collection, key }))));
  let left = rows.filter((row) => row !== null).length;
  for (const collection of UNDER_REF) left += (await keysUnder(state, collection, refs)).length;
  return left;
}

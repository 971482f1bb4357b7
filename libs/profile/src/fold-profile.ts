import type { UnitOfWork } from '#state-store';
import { foldTraits } from './fold-traits.ts';
import type { NamedIdentifier, ProfileInput } from './profile-input.ts';
import type { TraitPolicies } from '#identity';
import { ANCHORS, IDENTIFIERS, type AnchorRow, type IdentifierRow } from './profile-rows.ts';

/**
 * Folds one touchpoint into its anchor's row and its identifiers' rows. Apart from the number of events, which
 * needs each touchpoint once, neither order nor repetition matters while the anchor has room for its traits.
 * Throws `RowNotLoaded` for refs that `loadProfiles` did not load.
 */
export function foldProfile(work: UnitOfWork, input: ProfileInput, policies: TraitPolicies = {}): void {
  if (input.anchor === null) return;
  work.set(ANCHORS, input.anchor, foldAnchor(work.get(ANCHORS, input.anchor), input, policies));
  foldIdentifiers(work, input);
}

/** Folds that identifiers were named, by a touchpoint or by an operator. Throws `RowNotLoaded` likewise. */
export function foldIdentifiers(
  work: UnitOfWork,
  input: Pick<ProfileInput, 'identifiers' | 'at' | 'position' | 'source'>,
): void {
  for (const identifier of input.identifiers) {
    const row = work.get(IDENTIFIERS, identifier.ref);
    const next = foldIdentifier(row, identifier, input);
    if (next !== row) work.set(IDENTIFIERS, identifier.ref, next);
  }
}

function foldAnchor(row: AnchorRow | undefined, input: ProfileInput, policies: TraitPolicies): AnchorRow {
  const { at, workspace, traits } = input;
  const known: AnchorRow = row ?? { workspace, first: at, last: at, events: 0, traits: {}, dropped: 0 };
  return {
    ...known,
    first: Math.min(known.first, at),
    last: Math.max(known.last, at),
    events: known.events + (input.kind === 'derived' ? 0 : 1),
    ...(traits === undefined ? {} : foldTraits(known, traits, input, policies)),
  };
}

function foldIdentifier(
  row: IdentifierRow | undefined,
  { ns, value }: NamedIdentifier,
  { at, position, source }: Pick<ProfileInput, 'at' | 'position' | 'source'>,
): IdentifierRow {
  const word: IdentifierRow = { ns, value, first: at, firstPosition: position.toString(), last: at, source };
  if (row === undefined) return word;
  if (at < row.first || (at === row.first && position < BigInt(row.firstPosition))) {
    return { ...word, last: Math.max(at, row.last) };
  }
  return at > row.last ? { ...row, last: at } : row;
}

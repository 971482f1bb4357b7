import type { Ref, Workspace } from '#kernel';
import type { IdentifierValue, KeyStore, Resolution } from './key-store.port.ts';

/** A fresh store of one adapter. */
export interface KeyStoreUnderTest {
  readonly store: KeyStore;
  /** Closes the store and opens the same data again. */
  readonly reopen: () => Promise<KeyStore>;
  /** Closes what is open and removes the data. */
  readonly destroy: () => Promise<void>;
}

/** The workspace of most tests. */
export const SHOP = 'shop' as Workspace;
/** Another one. */
export const OTHER = 'other' as Workspace;
/** The usual master key. */
export const MASTER_KEY = Buffer.alloc(32, 1);

/** An e-mail identifier. */
export const email = (value: string): IdentifierValue => ({ namespace: 'email', value });
/** A person. */
export const ALI = email('ali@example.com');
/** Another person. */
export const VELI = email('veli@example.com');
/** A device. */
export const DEVICE: IdentifierValue = { namespace: 'anonymous_id', value: 'a-1' };

/** A touchpoint that was not refused. */
export type Resolved = Extract<Resolution, { outcome: 'resolved' }>;

/** So many e-mail identifiers. */
export function people(count: number): IdentifierValue[] {
  return Array.from({ length: count }, (_, i) => email(`person-${i}@example.com`));
}

/** Resolves an identifier as an anchor. */
export async function touch(
  store: KeyStore,
  identifier: IdentifierValue,
  workspace = SHOP,
): Promise<Resolved> {
  return resolved((await store.resolve([{ workspace, identifiers: [identifier], anchor: 0 }]))[0]);
}

/** Resolves identifiers as anchors, in one call. */
export async function touchAll(
  store: KeyStore,
  identifiers: readonly IdentifierValue[],
): Promise<Resolved[]> {
  const requests = identifiers.map((identifier) => ({
    workspace: SHOP,
    identifiers: [identifier],
    anchor: 0,
  }));
  return (await store.resolve(requests)).map(resolved);
}

/** The resolution of a touchpoint that was not refused. */
export function resolved(resolution: Resolution | undefined): Resolved {
  if (resolution?.outcome !== 'resolved') throw new Error(`not resolved: ${resolution?.outcome}`);
  return resolution;
}

/** Refs of a touchpoint's identifiers. */
export function refsOf(resolution: Resolution | undefined): readonly (Ref | null)[] {
  return resolved(resolution).refs;
}

/** Refs of anchors. */
export function refs(resolutions: readonly Resolved[]): Ref[] {
  return resolutions.map(({ anchorRef }) => anchorRef);
}

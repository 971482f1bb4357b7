import type { SourceName, Trust } from '#kernel';
import type { Authorship, SourceCreated, WriteKeyEnds } from '../config-event.ts';
import type { ConfigState } from '../config-state.ts';
import type { Decided, TooMany, UnknownSource } from '../decided.ts';
import type { MintedKey } from './mint-key.ts';
import { DEFAULT_SETTINGS, isInForce } from './source.ts';
import type { Source, SourceSettings, WriteKey } from './source.ts';

/** Sources of a workspace at most. */
export const MAX_SOURCES = 1_000;

/** Keys of a source that can be in force at once. */
export const MAX_KEYS_IN_FORCE = 20;

/** Longest time that old keys stay in force after a rotation, in seconds: 30 days. */
export const MAX_OVERLAP_SECONDS = 30 * 86_400;

/** The name is taken. */
export interface Exists {
  readonly outcome: 'exists';
}

/** The source never had such a key. */
export interface UnknownKey {
  readonly outcome: 'unknown_key';
}

/** A source with its first key. */
export function decideCreate(
  { sources }: ConfigState,
  source: { readonly name: SourceName; readonly trust: Trust; readonly settings: Partial<SourceSettings> },
  { keyId, mark, hint }: MintedKey,
  by: Authorship,
): Decided<Exists | TooMany> {
  const { name, trust, settings } = source;
  if (sources.has(name)) return { refused: { outcome: 'exists' } };
  if (sources.size >= MAX_SOURCES)
    return { refused: { outcome: 'too_many', limit: MAX_SOURCES, unit: 'sources' } };
  return {
    events: [
      { type: 'SourceCreated', source: name, trust, ...DEFAULT_SETTINGS, ...settings, ...by },
      { type: 'WriteKeyIssued', source: name, keyId, mark, hint, ...by },
    ],
  };
}

/** New settings of a source; what is not named stays. */
export function decideChange(
  { sources }: ConfigState,
  name: string,
  settings: Partial<SourceSettings>,
  by: Authorship,
): Decided<UnknownSource> {
  const source = sources.get(name);
  if (source === undefined) return { refused: { outcome: 'unknown_source' } };
  return {
    events: [...birth(source, by), { type: 'SourceChanged', source: source.source, ...settings, ...by }],
  };
}

/** A new key at once; those in force end after the overlap, or when they would have ended anyway. */
export function decideRotation(
  { sources }: ConfigState,
  name: string,
  { keyId, mark, hint }: MintedKey,
  overlapSeconds: number,
  by: Authorship,
): Decided<UnknownSource | TooMany> {
  const source = sources.get(name);
  if (source === undefined) return { refused: { outcome: 'unknown_source' } };
  const inForce = source.keys.filter((key) => isInForce(key, by.at));
  const endsAt = by.at + overlapSeconds * 1000;
  if (overlapSeconds > 0 && inForce.length >= MAX_KEYS_IN_FORCE) {
    return { refused: { outcome: 'too_many', limit: MAX_KEYS_IN_FORCE, unit: 'keys' } };
  }
  const ending = inForce.filter((key) => isInForce(key, endsAt));
  return {
    events: [
      ...birth(source, by),
      { type: 'WriteKeyIssued', source: source.source, keyId, mark, hint, ...by },
      ...ending.map((key) => end(source, key, endsAt, by)),
    ],
  };
}

/** The end of a key, at once. Of a key that has ended already there is nothing more to say. */
export function decideEnd(
  { sources }: ConfigState,
  name: string,
  keyId: string,
  by: Authorship,
): Decided<UnknownSource | UnknownKey> {
  const source = sources.get(name);
  if (source === undefined) return { refused: { outcome: 'unknown_source' } };
  const key = source.keys.find((candidate) => candidate.keyId === keyId);
  if (key === undefined) return { refused: { outcome: 'unknown_key' } };
  if (!isInForce(key, by.at)) return { events: [] };
  return { events: [...birth(source, by), end(source, key, by.at, by)] };
}

/** A source of the environment enters the log with its first change, so that it stays when the environment goes. */
function birth(source: Source, by: Authorship): readonly SourceCreated[] {
  if (source.createdAt !== null) return [];
  return [{ type: 'SourceCreated', source: source.source, trust: source.trust, ...DEFAULT_SETTINGS, ...by }];
}

function end(
  { source }: Source,
  { keyId, mark, hint }: WriteKey,
  endsAt: number,
  by: Authorship,
): WriteKeyEnds {
  return { type: 'WriteKeyEnds', source, keyId, mark, hint, endsAt, ...by };
}

import type { EnvelopeKind, TouchpointKind } from './envelope.ts';

const KINDS: ReadonlyMap<string, TouchpointKind> = new Map([
  ['track', 'track'],
  ['identify', 'identify'],
  ['page', 'page'],
  ['screen', 'screen'],
  ['group', 'group'],
  ['alias', 'alias'],
  ['t', 'track'],
  ['i', 'identify'],
  ['p', 'page'],
  ['s', 'screen'],
  ['g', 'group'],
  ['a', 'alias'],
]);

/** The kind that a path segment or an item's `type` names, long (`track`) or short (`t`); else `undefined`. */
export function kindOf(name: string): TouchpointKind | undefined {
  return KINDS.get(name);
}

/** True for the long name of a kind. */
export function isKind(value: unknown): value is TouchpointKind {
  return typeof value === 'string' && KINDS.get(value) === value;
}

/** True for what may stand as the kind of an envelope. */
export function isEnvelopeKind(value: unknown): value is EnvelopeKind {
  return isKind(value) || value === 'webhook' || value === 'derived';
}

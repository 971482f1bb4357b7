/** Points of a touchpoint's way at which a test may end the process, in the order of travel. */
export type FaultPoint =
  | 'key-written'
  | 'appended'
  | 'folded'
  | 'outbox-written'
  | 'published'
  | 'intent-written'
  | 'inserted'
  | 'checkpointed'
  | 'rows-rewritten'
  | 'overrides-folded'
  | 'erasure-ordered'
  | 'keys-destroyed'
  | 'rows-erased'
  | 'erasure-finished';

const HOOK = Symbol.for('temas.fault-hook');

/**
 * Marks that the way has come to `point`. A test process that was started with a hook under
 * `Symbol.for('temas.fault-hook')` can end itself there; without one it costs a property look-up.
 */
export function reach(point: FaultPoint): void {
  const hook = (globalThis as { [HOOK]?: (point: FaultPoint) => void })[HOOK];
  if (hook !== undefined) hook(point);
}

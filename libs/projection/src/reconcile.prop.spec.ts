import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { reconcile } from './reconcile.ts';
import type { Published } from './reconcile.ts';

const runs = process.env.TEMAS_LONG === '1' ? 50_000 : 500;
const line = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 8 });

/** What a reader of the stream believes: decisions in order, less those revoked later. */
function believed(stream: readonly Published[]): string[] {
  let held: string[] = [];
  for (const { id, revokes } of stream) {
    if (revokes) held = held.filter((other) => !revokes.includes(other));
    else held.push(id);
  }
  return held;
}

function apply(stream: readonly Published[], wanted: readonly string[]): Published[] {
  const { present, revoke } = reconcile(stream, wanted);
  const correction: Published[] = revoke.length > 0 ? [{ id: `revoked:${wanted[0]}`, revokes: revoke }] : [];
  return [...stream, ...correction, ...wanted.slice(present).map((id) => ({ id }))];
}

describe('reconcile', () => {
  it('leaves a stream alone that says what is wanted', () => {
    expect(reconcile([{ id: 'a' }, { id: 'b' }], ['a', 'b'])).toEqual({ present: 2, revoke: [], shift: 0 });
  });

  it('revokes the old line and appends the new one', () => {
    const after = apply([{ id: 'a' }, { id: 'x' }], ['a', 'b']);
    expect(after).toEqual([{ id: 'a' }, { id: 'x' }, { id: 'revoked:a', revokes: ['x'] }, { id: 'b' }]);
    expect(reconcile([{ id: 'a' }, { id: 'x' }], ['a', 'b']).shift).toBe(2);
  });

  it('makes any stream say what is wanted, and then has nothing more to do', () => {
    fc.assert(
      fc.property(line, fc.array(line, { minLength: 1, maxLength: 3 }), (first, rebuilds) => {
        let stream: Published[] = first.map((id) => ({ id }));
        for (const wanted of rebuilds) {
          if (wanted.length === 0) continue;
          const once = apply(stream, wanted);
          for (const id of wanted) expect(believed(once)).toContain(id);
          const again = reconcile(once, wanted);
          expect(again.present).toBe(wanted.length);
          expect(again.revoke).toEqual([]);
          stream = once;
        }
      }),
      { numRuns: runs },
    );
  });
});

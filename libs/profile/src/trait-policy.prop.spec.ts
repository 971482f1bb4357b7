import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventId, SourceName } from '#kernel';
import type { Register } from './register.ts';
import type { TraitPolicy } from '#identity';
import { joinWords } from './trait-policy.ts';

const numRuns = process.env.TEMAS_LONG === '1' ? 20_000 : 300;

const policy = fc.constantFrom<TraitPolicy>('latest', 'first', 'max', 'min', 'union', {
  sources: ['crm', 'shop'] as SourceName[],
});
const item = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('3', '10', 'x'), fc.constant(true));
const words = fc
  .array(
    fc.record({
      value: fc.oneof(item, fc.constant(null), fc.array(item, { maxLength: 3 })),
      at: fc.integer({ min: 0, max: 2 }),
      source: fc.constantFrom('web', 'shop', 'crm').map((name) => name as SourceName),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) =>
    all.map((word, i): Register => ({ ...word, rank: 0, index: 0, eventId: `event-${i}` as EventId })),
  );

function joined(by: TraitPolicy, all: readonly Register[]): Register {
  const [first, ...others] = all as [Register, ...Register[]];
  return others.reduce((a, b) => joinWords(by, a, b), joinWords(by, undefined, first));
}

describe('joining words on a trait', () => {
  it('depends neither on order, nor on repetition, nor on what was joined before', () => {
    fc.assert(
      fc.property(
        policy,
        words.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
            fc.nat(all.length - 1),
          ),
        ),
        (by, [all, shuffled, cut]) => {
          const plain = joined(by, all);
          expect(joined(by, shuffled)).toEqual(plain);
          const halves = [all.slice(0, cut), all.slice(cut)].filter((half) => half.length > 0);
          expect(
            joined(
              by,
              halves.map((half) => joined(by, half)),
            ),
          ).toEqual(plain);
        },
      ),
      { numRuns },
    );
  });
});

describe('what stands', () => {
  const word = (value: unknown, at: number, source = 'web'): Register => ({
    value,
    at,
    source: source as SourceName,
    eventId: `event-${at}` as EventId,
    rank: 0,
    index: 0,
  });
  const said = [word('10', 1), word(9, 2, 'crm'), word(null, 3), word('x', 4, 'shop')];

  it.each<[TraitPolicy, unknown]>([
    ['latest', 'x'],
    ['first', '10'],
    ['max', '10'],
    ['min', 9],
    ['union', ['10', 'x', 9]],
    [{ sources: ['crm' as SourceName] }, 9],
    [{ sources: ['none' as SourceName] }, 'x'],
  ])('%j of 10, 9, nothing, x', (by, value) => {
    expect(joined(by, said).value).toEqual(value);
  });

  it('nothing where every word takes it away, or the best source does', () => {
    for (const by of ['first', 'max', 'union'] as const)
      expect(joined(by, [word(null, 1), word(null, 2)]).value).toBeNull();
    expect(joined({ sources: ['crm' as SourceName] }, [word(null, 1, 'crm'), word(1, 2)]).value).toBeNull();
  });
});

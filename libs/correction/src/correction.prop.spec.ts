import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import { UnitOfWork } from '#state-store';
import { foldGuesses, foldVerdict, guessesOf, loadGuesses, type PlacedVerdict } from './fold-guess.ts';
import type { GuessInput } from './guess-input.ts';
import { statusOf, type GuessRow } from './guess-rows.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 20_000 : 500;
const REFS = ['1', '2', '3'] as Ref[];
const MEANT = ['8', '9'] as Ref[];
const PAIRS = REFS.flatMap((from) => MEANT.map((to) => ({ from, to })));

const guess: fc.Arbitrary<GuessInput> = fc
  .record({ pair: fc.constantFrom(...PAIRS), at: fc.nat(3), place: fc.nat(1_000_000) })
  .map(({ pair, at, place }) => ({
    workspace: 'default' as Workspace,
    guesses: [
      {
        ...pair,
        guess: {
          ns: 'email',
          value: `${pair.to}@x.com`,
          typed: true,
          outcome: 'correction',
          ruleId: 'r',
          rulesetVersion: 1,
          confidence: 0.9,
          at,
          source: 'web' as SourceName,
          eventId: `event-${place}` as EventId,
        },
      },
    ],
  }));

const verdict: fc.Arbitrary<PlacedVerdict> = fc
  .record({
    pair: fc.constantFrom(...PAIRS),
    verdict: fc.constantFrom('confirmed' as const, 'rejected' as const),
  })
  .map(({ pair, verdict: said }) => ({
    ...pair,
    workspace: 'default' as Workspace,
    eventId: 'command' as EventId,
    fromNamespace: 'email',
    toNamespace: 'email',
    verdict: said,
    actor: 'admin',
    reason: 'because',
    at: 5,
    position: 4096n as Position,
    recordedAt: 5,
  }));

type Step = { readonly guess: GuessInput } | { readonly verdict: PlacedVerdict };

async function fold(steps: readonly Step[]): Promise<Map<Ref, GuessRow | undefined>> {
  const work = new UnitOfWork({ read: async (keys) => keys.map(() => null) });
  await loadGuesses(work, PAIRS);
  for (const step of steps) {
    if ('guess' in step) foldGuesses(work, step.guess);
    else foldVerdict(work, step.verdict);
  }
  return new Map(REFS.map((ref) => [ref, guessesOf(work, ref)]));
}

const steps = fc.array(
  fc.oneof(
    guess.map((one) => ({ guess: one })),
    verdict.map((one) => ({ verdict: one })),
  ),
);

describe('guesses', () => {
  it('do not depend on order or repetition', () =>
    fc.assert(
      fc.asyncProperty(fc.array(guess), fc.func(fc.nat()), async (guesses, key) => {
        const inputs = guesses.map((one) => ({ guess: one }));
        const other = [...inputs, ...inputs.slice(0, 3)].sort((a, b) => key(a) - key(b));
        const [one, two] = [await fold(inputs), await fold(other)];
        for (const ref of REFS) expect(sorted(two.get(ref))).toEqual(sorted(one.get(ref)));
      }),
      { numRuns: RUNS },
    ));

  it('keep their first verdict, whatever is typed again', () =>
    fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const rows = await fold(history);
        for (const { from, to } of PAIRS) {
          const first = history.find(
            (step) => 'verdict' in step && step.verdict.from === from && step.verdict.to === to,
          );
          const expected = first !== undefined && 'verdict' in first ? first.verdict.verdict : 'unverified';
          expect(statusOf(rows.get(from)?.verdicts[to])).toBe(expected);
        }
      }),
      { numRuns: RUNS },
    ));
});

/** By ref: the order of keys is that of arrival, which a row's bytes keep and its meaning does not. */
function sorted(row: GuessRow | undefined): unknown {
  return row && Object.entries(row.guesses).sort(([a], [b]) => (a < b ? -1 : 1));
}

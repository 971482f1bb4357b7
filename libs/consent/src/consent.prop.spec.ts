import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventId, Position, Ref, SourceName, Workspace } from '#kernel';
import { UnitOfWork } from '#state-store';
import type { ConsentInput } from './consent-input.ts';
import type { ChoiceRow } from './consent-rows.ts';
import { choicesOf, foldConsent, loadConsents } from './fold-consent.ts';
import { joinConsents } from './join-consents.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 20_000 : 500;
const REFS = ['1', '2', '3'] as Ref[];

const choice: fc.Arbitrary<ConsentInput> = fc
  .record({
    at: fc.nat(4),
    index: fc.nat(1),
    refs: fc.subarray(REFS, { minLength: 1 }),
    choices: fc.dictionary(fc.constantFrom('analytics', 'marketing', '__proto__'), fc.boolean(), {
      minKeys: 1,
    }),
    place: fc.nat(1_000_000),
  })
  .map(({ place, ...said }) => ({
    ...said,
    workspace: 'default' as Workspace,
    source: 'web' as SourceName,
    eventId: `event-${place}` as EventId,
    position: BigInt(place) as Position,
  }));

async function fold(inputs: readonly ConsentInput[]): Promise<Map<Ref, ChoiceRow>> {
  const work = new UnitOfWork({ read: async (keys) => keys.map(() => null) });
  await loadConsents(work, REFS);
  for (const input of inputs) foldConsent(work, input);
  return new Map(
    REFS.flatMap((ref): [Ref, ChoiceRow][] => {
      const row = choicesOf(work, ref);
      return row === undefined ? [] : [[ref, row]];
    }),
  );
}

describe('consents', () => {
  it('do not depend on order or repetition', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(choice, { selector: ({ eventId }) => eventId }),
        fc.func(fc.nat()),
        async (inputs, key) => {
          const other = [...inputs, ...inputs.slice(0, 2)].sort((a, b) => key(a.eventId) - key(b.eventId));
          expect(joinConsents(await fold(other))).toEqual(joinConsents(await fold(inputs)));
        },
      ),
      { numRuns: RUNS },
    ));

  it('never become a permission by a merge', () =>
    fc.assert(
      fc.asyncProperty(fc.array(choice), fc.subarray(REFS), async (inputs, members) => {
        const all = await fold(inputs);
        const some = new Map([...all].filter(([ref]) => members.includes(ref)));
        const whole = new Map(joinConsents(all).map(({ purpose, granted }) => [purpose, granted]));
        for (const { purpose, granted } of joinConsents(some)) {
          if (!granted) expect(whole.get(purpose)).toBe(false);
        }
      }),
      { numRuns: RUNS },
    ));

  it('are what was said last under each identifier', () =>
    fc.assert(
      fc.asyncProperty(fc.array(choice), async (inputs) => {
        const rows = await fold(inputs);
        for (const ref of REFS) {
          for (const [purpose, { granted, at }] of Object.entries(rows.get(ref)?.choices ?? {})) {
            const said = inputs.filter(
              (input) => input.refs.includes(ref) && Object.hasOwn(input.choices, purpose),
            );
            const last = Math.max(...said.map((input) => input.at));
            expect(at).toBe(last);
            const lastWords = said.filter((input) => input.at === last);
            if (lastWords.every((input) => input.choices[purpose] === granted)) continue;
            expect(lastWords.some((input) => input.choices[purpose] === granted)).toBe(true);
          }
        }
      }),
      { numRuns: RUNS },
    ));
});

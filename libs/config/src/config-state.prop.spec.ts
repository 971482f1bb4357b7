import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceName, Workspace } from '#kernel';
import { decodeConfigEvent, encodeConfigEvent } from './config-event.ts';
import { emptyConfig, foldConfig } from './config-state.ts';
import type { ConfigState } from './config-state.ts';
import type { Decided } from './decided.ts';
import { decideRemove, decideSet } from './event-schema/decide-schema.ts';
import type { SchemaTarget } from './event-schema/event-schema.ts';
import {
  decideChange,
  decideCreate,
  decideEnd,
  decideRotation,
  MAX_KEYS_IN_FORCE,
} from './source/decide-source.ts';
import { withBootstrap } from './source/bootstrap.ts';
import { isInForce } from './source/source.ts';

const RUNS = process.env.TEMAS_LONG === '1' ? 20_000 : 500;
const W = 'w' as Workspace;
const names = fc.constantFrom('web', 'app', 'default').map((name) => name as SourceName);

type Command =
  | { readonly do: 'create'; readonly name: SourceName }
  | { readonly do: 'change'; readonly name: SourceName; readonly rateLimit: number | null }
  | { readonly do: 'rotate'; readonly name: SourceName; readonly overlapSeconds: number }
  | { readonly do: 'end'; readonly name: SourceName; readonly key: number }
  | { readonly do: 'set' | 'remove'; readonly target: SchemaTarget };

const targets = fc.record({
  kind: fc.constantFrom('track' as const, 'page' as const),
  event: fc.constantFrom('', 'Order'),
  source: fc.option(names),
});

const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant('create' as const), name: names }),
  fc.record({
    do: fc.constant('change' as const),
    name: names,
    rateLimit: fc.option(fc.integer({ min: 1, max: 9 })),
  }),
  fc.record({
    do: fc.constant('rotate' as const),
    name: names,
    overlapSeconds: fc.constantFrom(0, 1, 60, 86_400),
  }),
  fc.record({ do: fc.constant('end' as const), name: names, key: fc.nat(4) }),
  fc.record({ do: fc.constantFrom('set' as const, 'remove' as const), target: targets }),
);

const history = fc.array(fc.record({ command: commands, wait: fc.integer({ min: 0, max: 90_000 }) }), {
  maxLength: 40,
});

const ENVIRONMENT = [
  {
    workspace: W,
    source: 'default' as SourceName,
    trust: 'server' as const,
    mark: Buffer.alloc(16, 1).toString('base64'),
  },
];

function decide(state: ConfigState, command: Command, n: number, at: number): Decided<{ outcome: string }> {
  const by = { actor: 'admin', at };
  const minted = { key: '', keyId: `key_${n}`, mark: `mark${n}`, hint: 'abcd' };
  switch (command.do) {
    case 'create':
      return decideCreate(state, { name: command.name, trust: 'client', settings: {} }, minted, by);
    case 'change':
      return decideChange(state, command.name, { rateLimit: command.rateLimit }, by);
    case 'rotate':
      return decideRotation(state, command.name, minted, command.overlapSeconds, by);
    case 'end': {
      const keys = state.sources.get(command.name)?.keys ?? [];
      return decideEnd(state, command.name, keys[command.key]?.keyId ?? 'none', by);
    }
    case 'set':
      return decideSet(state, command.target, { type: 'object' }, by);
    case 'remove':
      return decideRemove(state, command.target, by);
  }
}

describe('configuration as a fold', () => {
  it('keeps its promises under any sequence of commands, and is the same when read again', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let logged = emptyConfig(W);
        const written: { readonly type: string; readonly data: Buffer }[] = [];
        let at = 1_000_000;
        steps.forEach(({ command, wait }, n) => {
          at += wait;
          const before = withBootstrap(logged, ENVIRONMENT);
          const decided = decide(before, command, n, at);
          if ('refused' in decided) return;
          for (const event of decided.events) {
            written.push({ type: event.type, data: encodeConfigEvent(event) });
            logged = foldConfig(logged, event);
          }
          const after = withBootstrap(logged, ENVIRONMENT);
          if (command.do === 'rotate') expectRotated(before, after, command, n, at);
          if (command.do === 'end') {
            const source = after.sources.get(command.name);
            expect(source?.keys[command.key]?.endsAt).toBeLessThanOrEqual(at);
          }
          for (const { keys, source, workspace } of after.sources.values()) {
            expect(workspace).toBe(W);
            expect(new Set(keys.map(({ mark }) => mark)).size).toBe(keys.length);
            expect(keys.filter((key) => isInForce(key, at)).length).toBeLessThanOrEqual(MAX_KEYS_IN_FORCE);
            expect(before.sources.get(source)?.trust ?? after.sources.get(source)?.trust).toBe(
              after.sources.get(source)?.trust,
            );
          }
        });
        expect(logged.revision).toBe(BigInt(written.length - 1));
        const again = written.reduce(
          (state, row) => foldConfig(state, decodeConfigEvent(row)),
          emptyConfig(W),
        );
        expect(again).toEqual(logged);
      }),
      { numRuns: RUNS },
    );
  });

  it('ignores what refers to nothing, and a second creation', () => {
    const by = { actor: 'admin', at: 1 };
    const source = 'web' as SourceName;
    const stray = foldConfig(emptyConfig(W), {
      type: 'WriteKeyIssued',
      source,
      keyId: 'k',
      mark: 'm',
      hint: '',
      ...by,
    });
    expect(stray).toEqual({ ...emptyConfig(W), revision: 0n });
    const settings = { rateLimit: 1, onViolation: 'keep', mapping: null, signature: null } as const;
    const once = foldConfig(stray, { type: 'SourceCreated', source, trust: 'client', ...settings, ...by });
    const twice = foldConfig(once, { type: 'SourceCreated', source, trust: 'server', ...settings, ...by });
    expect(twice.sources).toEqual(once.sources);
  });
});

/** The new key has no end; who was in force ends after the overlap, or earlier if that was so before. */
function expectRotated(
  before: ConfigState,
  after: ConfigState,
  { name, overlapSeconds }: Command & { do: 'rotate' },
  n: number,
  at: number,
): void {
  const then = before.sources.get(name)?.keys ?? [];
  const now = after.sources.get(name)?.keys ?? [];
  expect(now.find(({ keyId }) => keyId === `key_${n}`)).toMatchObject({ issuedAt: at, endsAt: null });
  const endOfOverlap = at + overlapSeconds * 1000;
  for (const { keyId, endsAt } of then) {
    const expected = endsAt === null ? endOfOverlap : Math.min(endsAt, endOfOverlap);
    const end = now.find((key) => key.keyId === keyId)?.endsAt;
    expect(end).toBe(endsAt !== null && endsAt <= at ? endsAt : expected);
  }
}

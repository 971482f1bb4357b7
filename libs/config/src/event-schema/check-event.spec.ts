import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SourceName, Workspace } from '#kernel';
import { emptyConfig, foldConfig } from '../config-state.ts';
import type { ConfigState } from '../config-state.ts';
import { checkEvent } from './check-event.ts';
import type { CheckedEvent } from './check-event.ts';
import type { JsonSchema, SchemaTarget } from './event-schema.ts';
import type { Violation } from './violation.ts';

const WEB = 'web' as SourceName;

const set = (
  state: ConfigState,
  definition: JsonSchema,
  { kind = 'track', event = 'Order', source = null }: Partial<SchemaTarget> = {},
): ConfigState =>
  foldConfig(state, { type: 'EventSchemaSet', kind, event, source, definition, actor: 'admin', at: 1 });

const EMPTY = emptyConfig('w' as Workspace);

const check = (
  state: ConfigState,
  properties: unknown,
  further: Partial<CheckedEvent> = {},
): readonly Violation[] =>
  checkEvent(state, {
    workspace: 'w',
    source: 'web',
    kind: 'track',
    event: 'Order',
    payload: { properties: properties as Record<string, unknown> },
    ...further,
  });

const ORDER: JsonSchema = {
  type: 'object',
  required: ['order_id'],
  additionalProperties: false,
  properties: {
    order_id: { type: 'string', maxLength: 5 },
    email: { type: 'string', format: 'email' },
    items: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'object', properties: { sku: { pattern: '^[A-Z]+$' } } },
    },
    labels: { type: 'object', additionalProperties: { type: 'number' } },
  },
};

describe('checkEvent', () => {
  const state = set(EMPTY, ORDER);

  it('finds nothing where there is no schema for the event', () => {
    expect(check(EMPTY, { a: 1 })).toEqual([]);
    expect(check(state, {}, { event: 'Other' })).toEqual([]);
    expect(check(state, {}, { kind: 'page' })).toEqual([]);
    expect(check(state, {}, { kind: 'alias' })).toEqual([]);
  });

  it('names path, keyword and message of each violation, and neither values nor keys of the event', () => {
    const properties = {
      order_id: 'secret-value',
      email: 'ayse.yilmaz',
      items: [{ sku: 'ok' }, { sku: 'ok' }],
      labels: { 'ayse@example.com': 'x', 905321234567: 'y' },
      'mehmet@example.com': true,
    };
    const found = check(state, properties);
    expect(found).toEqual([
      { path: '', keyword: 'additionalProperties', message: 'must NOT have additional properties' },
      { path: 'order_id', keyword: 'maxLength', message: 'must NOT have more than 5 characters' },
      { path: 'email', keyword: 'format', message: 'must match format "email"' },
      { path: 'items.0.sku', keyword: 'pattern', message: 'must match pattern "^[A-Z]+$"' },
      { path: 'items.1.sku', keyword: 'pattern', message: 'must match pattern "^[A-Z]+$"' },
      { path: 'items', keyword: 'uniqueItems', message: 'must NOT have duplicate items' },
      { path: 'labels.*', keyword: 'type', message: 'must be number' },
      { path: 'labels.*', keyword: 'type', message: 'must be number' },
    ]);
    expect(check(state, undefined)).toEqual([
      { path: 'order_id', keyword: 'required', message: "must have required property 'order_id'" },
    ]);
  });

  it('holds an event to the schema of its source before the one for all', () => {
    const both = set(state, { required: ['web_only'] }, { source: WEB });
    expect(check(both, {}).map(({ path }) => path)).toEqual(['web_only']);
    expect(check(both, {}, { source: 'app' }).map(({ path }) => path)).toEqual(['order_id']);
    const removed = foldConfig(both, {
      type: 'EventSchemaRemoved',
      kind: 'track',
      event: 'Order',
      source: WEB,
      actor: 'admin',
      at: 2,
    });
    expect(check(removed, {}).map(({ path }) => path)).toEqual(['order_id']);
  });

  it('holds identify and group to their traits', () => {
    const traits = set(EMPTY, { required: ['plan'] }, { kind: 'group', event: '' });
    expect(check(traits, { plan: 1 }, { kind: 'group' })).toHaveLength(1);
    const payload = { traits: { plan: 'gold' } };
    expect(check(traits, {}, { kind: 'group', event: 'ignored', payload })).toEqual([]);
  });

  it('reports ten violations at most, and one only of a very large event', () => {
    const wide = Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`p${n}`, {}]));
    const numbers = set(EMPTY, { properties: { ...wide, list: { items: { type: 'string' } } } });
    expect(check(numbers, { list: Array(50).fill(1) })).toHaveLength(10);
    expect(check(numbers, { list: Array(10_000).fill(1) })).toHaveLength(1);
  });

  it('never throws, never changes the event and never shows what it brought', () => {
    const hostile = set(EMPTY, {
      type: 'object',
      propertyNames: { maxLength: 3 },
      properties: { a: { enum: [1, 2] }, b: { const: 'x' }, c: { default: 5 } },
      patternProperties: { '^z': { type: 'integer' } },
      additionalProperties: { type: 'array', contains: { type: 'null' } },
    });
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().map((name) => `K${name}`),
          fc.jsonValue(),
        ),
        (properties) => {
          const before = JSON.stringify(properties);
          const text = JSON.stringify(check(hostile, properties));
          expect(JSON.stringify(properties)).toBe(before);
          for (const key of Object.keys(properties)) if (key.length > 3) expect(text).not.toContain(key);
        },
      ),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { judgeDefinition, MAX_DEFINITION_BYTES } from './judge-definition.ts';
import type { Judgement } from './judge-definition.ts';
import { MAX_WORK } from './work.ts';

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

const firstOf = (judgement: Judgement): { field?: string; message?: string; limit?: number } =>
  judgement.outcome === 'invalid' ? (judgement.problems[0] ?? {}) : {};

describe('judgeDefinition', () => {
  it('takes both drafts, local references and a name of its own', () => {
    const definition = {
      $id: 'https://example.com/order.json',
      type: 'object',
      required: ['order_id'],
      properties: {
        order_id: { type: 'string', pattern: '^[A-Z]+-\\d{1,10}$' },
        total: { $ref: '#/$defs/money' },
      },
      $defs: { money: { type: 'number', minimum: 0 } },
    };
    expect(judgeDefinition(definition)).toEqual({
      outcome: 'valid',
      bytes: JSON.stringify(definition).length,
    });
    expect(judgeDefinition({ $schema: DRAFT_07, items: [{ type: 'string' }] }).outcome).toBe('valid');
    expect(judgeDefinition({ items: [{ type: 'string' }] }).outcome).toBe('invalid');
  });

  it('refuses what is no JSON Schema, telling where', () => {
    expect(firstOf(judgeDefinition({ type: 'text' })).message).toMatch(/schema is invalid: .*type/);
    expect(firstOf(judgeDefinition({ $schema: 'http://json-schema.org/draft-04/schema#' })).field).toBe(
      'schema.$schema',
    );
  });

  it('fetches nothing and follows pointers only', () => {
    const at = (part: object): unknown => firstOf(judgeDefinition({ properties: { a: part } })).field;
    expect(at({ $ref: 'https://example.com/x.json' })).toBe('schema.properties.a.$ref');
    expect(at({ $ref: 'other.json#/a' })).toBe('schema.properties.a.$ref');
    expect(at({ $ref: '#/$defs/none' })).toBe('schema.properties.a.$ref');
    expect(at({ $dynamicRef: '#node' })).toBe('schema.properties.a.$dynamicRef');
    expect(at({ $id: 'https://example.com/y' })).toBe('schema.properties.a.$id');
  });

  it('refuses schemas whose work grows beyond bounds', () => {
    expect(firstOf(judgeDefinition({ properties: { parent: { $ref: '#' } } })).message).toMatch(/leads back/);
    const levels = Array.from({ length: 40 }, (_, n) => {
      const next = { $ref: `#/$defs/d${n + 1}` };
      return [`d${n}`, { anyOf: [next, next] }];
    });
    const bomb = { $ref: '#/$defs/d0', $defs: { ...Object.fromEntries(levels), d40: { type: 'string' } } };
    expect(firstOf(judgeDefinition(bomb)).limit).toBe(MAX_WORK);
    const large = { description: 'x'.repeat(MAX_DEFINITION_BYTES) };
    expect(firstOf(judgeDefinition(large)).limit).toBe(MAX_DEFINITION_BYTES);
    let deep: object = {};
    for (let i = 0; i < 100_000; i++) deep = { not: deep };
    expect(firstOf(judgeDefinition(deep as Record<string, unknown>)).message).toMatch(/deeper/);
  });

  it('refuses patterns that cannot be matched in linear time', () => {
    const pattern = (source: string): unknown =>
      firstOf(judgeDefinition({ properties: { a: { type: 'string', pattern: source } } })).message;
    expect(pattern('(a')).toMatch(/Unterminated group/);
    expect(pattern('(?=a)b')).toMatch(/unsupported/);
    expect(pattern('(a)\\1')).toMatch(/invalid escape sequence/);
    expect(pattern('(?:(?:a{99}){99}){99}')).toMatch(/repeat/);
    expect(pattern('(?:(?:){99999}){99999}')).toMatch(/repeat/);
    expect(firstOf(judgeDefinition({ patternProperties: { '(?!x)': {} } })).field).toBe(
      'schema.patternProperties',
    );
    expect(pattern('^(a+)+$')).toBeUndefined();
  });
});

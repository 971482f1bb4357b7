import { describe, expect, it } from '@jest/globals';
import { parseSourceMapping } from './parse-source-mapping.ts';

function problems(value: unknown): readonly string[] {
  const parsed = parseSourceMapping(value);
  return parsed.outcome === 'valid' ? [] : parsed.problems.map(({ field }) => field);
}

describe('parseSourceMapping', () => {
  it('reads built-in and custom mappings', () => {
    expect(parseSourceMapping({ vendor: 'shopify' })).toEqual({
      outcome: 'valid',
      mapping: { vendor: 'shopify' },
    });
    const custom = {
      vendor: 'custom',
      fields: { event: '=Bought', email: 'a.0.b', externalIds: { crm_id: 'id' } },
    };
    expect(parseSourceMapping(custom)).toEqual({ outcome: 'valid', mapping: custom });
  });

  it('names everything that is wrong', () => {
    expect(problems(null)).toEqual(['']);
    expect(problems({ vendor: 'acme' })).toEqual(['vendor']);
    expect(problems({ vendor: 'shopify', fields: {} })).toEqual(['fields']);
    expect(problems({ vendor: 'custom' })).toEqual(['fields']);
    expect(
      problems({
        vendor: 'custom',
        x: 1,
        fields: {
          mail: 'a',
          email: 'a..b',
          userId: 7,
          event: 'x'.repeat(201),
          externalIds: { 'A b': 'x', email: 'y', c: '' },
        },
      }),
    ).toEqual([
      'x',
      'fields.mail',
      'fields.email',
      'fields.userId',
      'fields.event',
      'fields.externalIds.A b',
      'fields.externalIds.email',
      'fields.externalIds.c',
    ]);
  });
});

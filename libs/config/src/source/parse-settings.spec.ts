import { describe, expect, it } from '@jest/globals';
import { parseSettings } from './parse-settings.ts';
import type { RawSettings } from './parse-settings.ts';

const fieldsOf = (raw: RawSettings): string[] => {
  const parsed = parseSettings(raw);
  return parsed.outcome === 'invalid' ? parsed.problems.map(({ field }) => field) : [];
};

describe('parseSettings', () => {
  it('reads what is there and leaves out what is not', () => {
    expect(parseSettings({})).toEqual({ outcome: 'valid', settings: {} });
    const raw = {
      rateLimit: 2.5,
      onViolation: 'refuse',
      mapping: { vendor: 'shopify' },
      signature: { scheme: { name: 'shopify' }, secret: 's' },
    };
    expect(parseSettings(raw)).toEqual({ outcome: 'valid', settings: raw });
    const none = { rateLimit: null, mapping: null, signature: null };
    expect(parseSettings(none)).toEqual({ outcome: 'valid', settings: none });
  });

  it('names every field that cannot be taken', () => {
    expect(fieldsOf({ rateLimit: 0, onViolation: null, mapping: 'shoplift', signature: [] })).toEqual([
      'rateLimit',
      'onViolation',
      'mapping.vendor',
      'signature',
    ]);
    expect(fieldsOf({ rateLimit: NaN })).toEqual(['rateLimit']);
    expect(fieldsOf({ signature: { scheme: { name: 'none' }, secret: '', extra: 1 } })).toEqual([
      'signature.extra',
      'signature.scheme.name',
      'signature.secret',
    ]);
  });
});

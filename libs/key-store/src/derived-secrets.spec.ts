import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DerivedSecrets } from './derived-secrets.ts';

const secrets = new DerivedSecrets(Buffer.from(Array.from({ length: 32 }, (_, i) => i)));

describe('DerivedSecrets', () => {
  // Computed apart from this code, with Python's hashlib.blake2b (key, salt, person).
  it('keeps its values for ever: ids in every log depend on them', () => {
    expect(secrets.eventId('default', 'web', 'msg-1')).toBe('5d8911a1-8b7d-8f7c-a9e3-f2e02bc22dfd');
    expect(secrets.identifierHash('default', 'email', 'ışık@example.com').toString('hex')).toBe(
      '494768e7baa567ecff4accc7f00bb89a',
    );
    expect(secrets.mark('api-key', 'k').toString('hex')).toBe('1ef32f7165fc1d2db83d0f61f87b984c');
    expect(secrets.check('store').toString('hex')).toBe('5f307bf973eb4295d61bf8aba1c9cb6a');
  });

  it('hashes lists of parts apart wherever the parts are cut', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.nat(20), (a, b, c, cut) => {
        const joined = a + b + c;
        const other = [joined.slice(0, cut), joined.slice(cut), ''] as const;
        const same = other[0] === a && other[1] === b && c === '';
        expect(secrets.eventId(...other) === secrets.eventId(a, b, c)).toBe(same);
      }),
    );
  });

  it('takes values of any length', () => {
    const long = 'ğ'.repeat(100_000);
    expect(secrets.mark('content', long)).toEqual(secrets.mark('content', Buffer.from(long, 'utf8')));
    expect(secrets.mark('content', long)).not.toEqual(secrets.mark('content', `${long}ğ`));
  });

  it('gives each purpose a hash of its own for the same parts', () => {
    const id = secrets.eventId('a', 'b', 'c').replaceAll('-', '');
    const hash = secrets.identifierHash('a', 'b', 'c').toString('hex');
    expect(hash.slice(0, 12)).not.toBe(id.slice(0, 12));
  });

  it('refuses a master key that has not 32 bytes', () => {
    expect(() => new DerivedSecrets(Buffer.alloc(31))).toThrow(/32 bytes/);
  });
});

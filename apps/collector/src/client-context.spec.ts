import { describe, expect, it } from '@jest/globals';
import { withClient } from './client-context.ts';

const client = { ip: '203.0.113.7', userAgent: 'Mozilla/5.0 (X11)' };

describe('withClient', () => {
  it('fills in what the item does not say, and leaves the item’s own object alone', () => {
    const context = { locale: 'tr-TR' };
    expect(withClient(context, client)).toEqual({ locale: 'tr-TR', ...client });
    expect(context).toEqual({ locale: 'tr-TR' });
    expect(withClient(undefined, client)).toEqual(client);
  });

  it('keeps what the item says: 0.0.0.0 is how an SDK asks not to be located', () => {
    const context = { ip: '0.0.0.0', userAgent: 'own' };
    expect(withClient(context, client)).toBe(context);
  });

  it('takes the address of the request where the item asks for it', () => {
    expect(withClient({ ip: '10.0.0.1', direct: true }, client)).toMatchObject({ ip: '203.0.113.7' });
  });
});

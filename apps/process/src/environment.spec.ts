import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.ts';

describe('readEnvironment', () => {
  it('has a default for everything', () => {
    expect(readEnvironment({})).toMatchObject({
      TEMAS_HOST: '127.0.0.1',
      TEMAS_PORT: 8080,
      TEMAS_DATA_DIR: './data',
    });
  });

  it('lists every bad variable at once, without its value', () => {
    const read = (): unknown =>
      readEnvironment({ TEMAS_PORT: '99999', TEMAS_WRITE_KEY: 'short', TEMAS_MASTER_KEY: 'secret-value' });
    expect(read).toThrow(/TEMAS_PORT.*TEMAS_WRITE_KEY.*TEMAS_MASTER_KEY/s);
    expect(read).not.toThrow(/secret-value/);
  });

  it('takes an empty variable as absent', () => {
    expect(readEnvironment({ TEMAS_PORT: '' }).TEMAS_PORT).toBe(8080);
  });
});

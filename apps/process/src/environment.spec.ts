import { describe, expect, it } from '@jest/globals';
import { readEnvironment, requireServers } from './environment.ts';

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

describe('servers', () => {
  it('are named by URLs of their own kind, which no error quotes', () => {
    const read = (): unknown =>
      readEnvironment({
        POSTGRES_URL: 'mysql://secret@host',
        EVENTSTORE_URL: 'http://secret',
        CLICKHOUSE_URL: 'x',
      });
    expect(read).toThrow(/EVENTSTORE_URL.*POSTGRES_URL.*CLICKHOUSE_URL/s);
    expect(read).not.toThrow(/secret/);
  });

  it('are asked for by processes that run apart', () => {
    const environment = readEnvironment({ POSTGRES_URL: 'postgres://host/temas' });
    expect(() => requireServers(environment, ['POSTGRES_URL'])).not.toThrow();
    expect(() => requireServers(environment, ['POSTGRES_URL', 'CLICKHOUSE_URL'])).toThrow(
      /^CLICKHOUSE_URL must/,
    );
  });
});

import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { givenKeys, loadKeys } from './bootstrap-keys.ts';
import { readEnvironment } from './environment.ts';

describe('loadKeys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'temas-keys-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('makes absent keys once, readable by the owner only', () => {
    const first = loadKeys(readEnvironment({}), folder);
    expect(first.generated).toHaveLength(4);
    expect(first.keys.masterKey).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(first.file).mode & 0o777).toBe(0o600);
    expect(loadKeys(readEnvironment({}), folder).keys).toEqual(first.keys);
  });

  it('prefers the environment and does not store what it brings', () => {
    const given = { TEMAS_WRITE_KEY: 'a-key-from-outside-1' };
    const { keys, generated, file } = loadKeys(readEnvironment(given), folder);
    expect(keys.writeKey).toBe(given.TEMAS_WRITE_KEY);
    expect(generated).not.toContain('writeKey');
    expect(readFileSync(file, 'utf8')).not.toContain(given.TEMAS_WRITE_KEY);
  });
});

describe('givenKeys', () => {
  it('takes keys from the environment alone, and names all that are absent', () => {
    const environment = readEnvironment({ TEMAS_WRITE_KEY: 'a-key-from-outside-1' });
    expect(givenKeys(environment, ['writeKey'])).toEqual({ writeKey: 'a-key-from-outside-1' });
    expect(() => givenKeys(environment, ['masterKey', 'writeKey', 'adminKey'])).toThrow(
      /^TEMAS_MASTER_KEY, TEMAS_ADMIN_KEY must be set/,
    );
  });
});

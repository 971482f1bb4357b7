import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDataDir, TemasProcess } from '../support/temas-process.ts';

const CLI = fileURLToPath(new URL('../../dist/run/temas.js', import.meta.url));

const SECRETS = [
  'Gülşen.Ötüken@example.com',
  'gülşen.ötüken@xn--example-x',
  '+905321234567',
  'Gülşen Ötüken',
  'customer-8812',
];

/** The forms in which a text could lie in a file. */
function formsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text, 'utf8');
  const escaped = [...text].map((c) =>
    c.charCodeAt(0) > 126 ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c,
  );
  const base64 = [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64');
    // Only the characters that depend on nothing but the text itself.
    return Buffer.from(
      padded.slice(shift === 0 ? 0 : 4, Math.floor(((utf8.length + shift) * 8) / 6 / 4) * 4 - 4),
    );
  });
  return [
    utf8,
    Buffer.from(text.toLowerCase(), 'utf8'),
    Buffer.from(escaped.join('')),
    ...base64,
    Buffer.from(utf8.toString('hex')),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
  ];
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function temasLog(
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'log'], {
    env: { ...process.env, NODE_OPTIONS: '', TEMAS_DATA_DIR: dataDir, ...env },
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

describe('the log on disk', () => {
  it('holds no personal data in any form, and opens only with the keys', async () => {
    const data = makeDataDir();
    const temas = await TemasProcess.start(data.path);
    try {
      const { body } = await temas.send('identify', {
        userId: 'customer-8812',
        anonymousId: 'device-of-gulsen',
        traits: { email: SECRETS[0], phone: '0532 123 45 67', name: 'Gülşen Ötüken' },
      });
      expect(body.warnings).toBeUndefined();
      const [row] = await temas.sql<{ phone: string }>('SELECT phone FROM profiles', body.position);
      expect(row?.phone).toBe('+905321234567');
      const running = temasLog(data.path);
      expect(running.out).toContain('Gülşen Ötüken');
    } finally {
      await temas.stop();
    }
    for (const folder of ['log', 'keys']) {
      for (const file of filesUnder(join(data.path, folder))) {
        const bytes = readFileSync(file);
        for (const secret of SECRETS) {
          for (const form of formsOf(secret))
            expect([file, secret, bytes.includes(form)]).toEqual([file, secret, false]);
        }
      }
    }
    const opened = temasLog(data.path);
    expect(opened.status).toBe(0);
    const lines = opened.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; payload?: { traits: { name: string } } });
    expect(lines.find(({ type }) => type === 'Touchpoint')?.payload?.traits.name).toBe('Gülşen Ötüken');
    const closed = temasLog(data.path, { TEMAS_MASTER_KEY: '00'.repeat(32) });
    expect(closed.status).not.toBe(0);
    expect(closed.out).toBe('');
    expect(closed.err).toMatch(/master key/i);
    data.remove();
  }, 60_000);
});

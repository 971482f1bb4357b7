import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { syncLogs } from './sync-logs.ts';

describe('syncLogs', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temas-logs-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('passes over a log that vanishes after the folder was listed', async () => {
    await writeFile(join(folder, '000004.log'), 'here');
    // A link to nowhere is listed and cannot be opened, as a file deleted in between.
    await symlink(join(folder, 'gone'), join(folder, '000003.log'));
    await expect(syncLogs(folder)).resolves.toBeUndefined();
  });

  it('fails where there is no folder', async () => {
    await expect(syncLogs(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

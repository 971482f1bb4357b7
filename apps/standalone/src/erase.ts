import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TemasError } from '#kernel';
import { ask } from './operator.ts';

interface Certificate {
  readonly id: string;
  readonly state: 'running' | 'done';
}

const USAGE = `Usage:
  temas erase <profile id> --reason <why> [--actor <staff id>]
`;

const LOOK_MS = 200;

/** `temas erase`: has the running Temas erase a person, waits for the end and prints the certificate. */
export async function erase(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { reason: { type: 'string' }, actor: { type: 'string' } },
  });
  const [profileId, ...others] = positionals;
  if (profileId === undefined || others.length > 0 || values.reason === undefined) {
    process.stdout.write(USAGE);
    throw new TemasError('CLI.USAGE', 'an erasure needs the id of one profile and --reason');
  }
  const { reason, actor } = values;
  let certificate = await ask<Certificate>('POST', '/v1/privacy/erasures', { profileId, reason, actor });
  process.stderr.write(`erasure ${certificate.id} is in the log; going away does not stop it\n`);
  while (certificate.state === 'running') {
    await pause(LOOK_MS);
    certificate = await ask<Certificate>('GET', `/v1/privacy/erasures/${certificate.id}`);
  }
  process.stdout.write(`${JSON.stringify(certificate, null, 2)}\n`);
}

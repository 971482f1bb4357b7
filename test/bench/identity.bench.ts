import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Three identifiers each. */
const PEOPLE = 3_400_000;

/**
 * What identity alone does over the real state store: the mix of the rule set's §1.7, floods, and ten million
 * identifiers. In a process of its own, so that its memory is nobody else's.
 */
export async function benchIdentity(): Promise<void> {
  process.stdout.write('identity (goal 20,000/s on a core, aim 50,000; 10 M identifiers within 1,024 MB)\n');
  const entry = fileURLToPath(new URL('./identity-program.js', import.meta.url));
  const child = spawn(process.execPath, ['--max-semi-space-size=64', entry, String(PEOPLE)], {
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`identity's program ended with ${code}`);
}

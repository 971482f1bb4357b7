import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf, TemasError } from '#kernel';
import { ask, rebuildState, watchRebuild } from './operator.ts';

interface Rules {
  readonly inForce: number;
  readonly published: number;
  readonly changes: object;
  readonly rules: {
    readonly namespaces: readonly {
      readonly namespace: string;
      readonly class: string;
      readonly limit: number;
      readonly quarantineAt: number | null;
      readonly conflictPolicy: string;
    }[];
    readonly maxMembers: number;
    readonly floodAt: Readonly<Record<string, number>>;
    readonly blocked: number;
  };
  readonly history: readonly { version: number; reason: string; actor: string; at: string }[];
}

interface Plan {
  readonly status: 'none' | 'running' | 'succeeded' | 'cancelled' | 'failed';
  readonly step?: string;
  readonly done?: string;
  readonly of?: string;
  readonly message?: string;
  readonly baseVersion?: number;
  readonly profiles?: { readonly before: number; readonly after: number };
  readonly unchanged?: number;
  readonly split?: number;
  readonly merged?: number;
  readonly moved?: number;
  readonly largest?: readonly {
    readonly profileId: string;
    readonly identifiers: number;
    readonly parts: number;
    readonly into: readonly { profileId: string; identifiers: number; of: number }[];
  }[];
}

/** How to call `temas identity rules`. */
export const RULES_USAGE = `  temas identity rules show
  temas identity rules plan    <file.json>
  temas identity rules publish <file.json> --reason <why> [--actor <staff id>]
`;

const WATCH_MS = 200;

/** `temas identity rules`: shows the rules, tries others, publishes them. Throws for what the running Temas refuses. */
export async function orderRules(
  [verb, file]: readonly string[],
  { reason, actor }: { readonly reason?: string | undefined; readonly actor?: string | undefined },
): Promise<void> {
  if (verb === 'show') return show();
  if (verb === 'plan' && file !== undefined) return plan(readChanges(file));
  if (verb === 'publish' && file !== undefined && reason !== undefined)
    return publish(readChanges(file), reason, actor);
  process.stdout.write(`Usage:\n${RULES_USAGE}`);
  throw new TemasError('CLI.USAGE', 'rules need show, plan or publish, and a file; publish needs --reason');
}

async function show(): Promise<void> {
  const { inForce, published, changes, rules, history } = await ask<Rules>('GET', '/v1/identity/rules');
  const late =
    inForce === published ? '' : ` (answers follow version ${inForce} until the rebuild has ended)`;
  const lines = [`version ${published}${late}`, `changes ${JSON.stringify(changes)}`];
  for (const { namespace, class: kind, limit, quarantineAt, conflictPolicy } of rules.namespaces) {
    const quarantine = quarantineAt === null ? 'never' : `above ${quarantineAt} people`;
    const name = namespace.padEnd(22);
    lines.push(`  ${name} ${kind.padEnd(8)} at most ${limit}, quarantined ${quarantine}, ${conflictPolicy}`);
  }
  lines.push(`a profile holds at most ${rules.maxMembers}; ${rules.blocked} identifiers are blocked`);
  for (const { version, reason, actor, at } of history)
    lines.push(`${at}  ${version}  by ${actor}: ${reason}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function plan(changes: unknown): Promise<void> {
  let state = await ask<Plan>('POST', '/v1/identity/rules/plans', { changes });
  while (state.status === 'running') {
    process.stderr.write(`\r${state.step ?? ''} ${progressOf(state)}   `);
    await pause(WATCH_MS);
    state = await ask<Plan>('GET', '/v1/identity/rules/plans');
  }
  process.stderr.write('\n');
  if (state.status !== 'succeeded') throw new TemasError('CLI.PLAN_ENDED', state.message ?? state.status);
  const { baseVersion = 0, profiles, unchanged = 0, split = 0, merged = 0, moved = 0, largest = [] } = state;
  const { before = 0, after = 0 } = profiles ?? {};
  process.stdout.write(
    `compared with version ${baseVersion}: ${before} profiles, then ${after}\n` +
      `${unchanged} unchanged, ${before - unchanged} changed: ${split} split; ${merged} would be merged of several\n` +
      `${moved} identifiers would move\n`,
  );
  for (const { profileId, identifiers, parts, into } of largest) {
    const shown = into.map((part) => `${part.profileId} ${part.identifiers} (of ${part.of})`).join(', ');
    const more = parts > into.length ? ` and ${parts - into.length} more` : '';
    process.stdout.write(`${profileId} ${identifiers} -> ${shown}${more}\n`);
  }
}

function progressOf({ done = '0', of }: Plan): string {
  if (of === undefined) return `${done} profiles`;
  return `${(Number((BigInt(done) * 1000n) / (BigInt(of) || 1n)) / 10).toFixed(1)} %`;
}

async function publish(changes: unknown, reason: string, actor: string | undefined): Promise<void> {
  const { published } = await ask<Rules>('GET', '/v1/identity/rules');
  const body = { changes, reason, actor, expectedVersion: published };
  const { version, position } = await ask<{ version: number; position: string }>(
    'POST',
    '/v1/identity/rules',
    body,
  );
  process.stdout.write(`version ${version}, position ${position}\n`);
  const inForce = async (): Promise<number> => (await ask<Rules>('GET', '/v1/identity/rules')).inForce;
  while ((await inForce()) < version) {
    const state = await rebuildState();
    if (state.status === 'running' && (await watchRebuild(state)).status === 'failed')
      throw new TemasError('CLI.REBUILD_FAILED', 'the rebuild failed and is tried again; see the log');
    await pause(WATCH_MS);
  }
  process.stdout.write(`version ${version} is in force\n`);
}

function readChanges(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new TemasError('CLI.RULES_FILE', `the rules in ${file} cannot be read: ${messageOf(error)}`);
  }
}

import { parseArgs } from 'node:util';
import { TemasError } from '#kernel';
import { identifierIn } from './identifier-argument.ts';
import { orderRules, RULES_USAGE } from './identity-rules.ts';
import { ask } from './operator.ts';

interface Given {
  readonly commandId: string;
  readonly order: { readonly kind: string };
  readonly reason: string;
  readonly actor: string;
  readonly at: string;
  readonly undone: boolean;
  readonly position?: string;
}

const USAGE = `Usage:
  temas identity merge   <ns>=<value> <ns>=<value> … --reason <why> [--actor <staff id>]
  temas identity split   <ns>=<value> <ns>=<value>   --reason <why>
  temas identity release <ns>=<value>                --reason <why>
  temas identity lift    <ns>=<value>                --reason <why>
  temas identity undo    <command id>                --reason <why>
  temas identity list
${RULES_USAGE}`;

/** `temas identity`: orders about who is who, given to the running Temas. Throws for one that it refuses. */
export async function orderIdentity(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { reason: { type: 'string' }, actor: { type: 'string' } },
  });
  const [kind, ...rest] = positionals;
  if (kind === 'rules') return orderRules(rest, values);
  if (kind === 'list') {
    const { commands } = await ask<{ commands: Given[] }>('GET', '/v1/identity/commands');
    for (const command of commands) process.stdout.write(`${line(command)}\n`);
    return;
  }
  if (kind === undefined || values.reason === undefined) {
    process.stdout.write(USAGE);
    throw new TemasError('CLI.USAGE', 'an order needs its kind and --reason');
  }
  const { reason, actor } = values;
  const what = kind === 'undo' ? { command: rest[0] } : { identifiers: rest.map(identifierIn) };
  const given = await ask<Given>('POST', '/v1/identity/commands', { kind, ...what, reason, actor });
  process.stdout.write(`${line(given)}\nposition ${given.position ?? ''}\n`);
}

function line({ commandId, order, reason, actor, at, undone }: Given): string {
  return `${at}  ${commandId}  ${order.kind}${undone ? ' (undone)' : ''}  by ${actor}: ${reason}`;
}

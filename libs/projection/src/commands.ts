import type { Position } from '#kernel';
import { decodeConfigEvent, workspaceOf } from '#config';
import type { VerdictInput } from '#correction';
import type { RecordedEvent } from '#event-log';
import type { Command } from '#identity';

/** An operator's order as identity folds it, with the time of its giving. */
export interface TimedCommand {
  readonly command: Command;
  /** Ms since 1970 UTC. */
  readonly at: number;
}

/** What operators said at a place in the log: an order about people, or a word on a guess. */
export type OperatorWord =
  | ({ readonly kind: 'order' } & TimedCommand)
  | { readonly kind: 'verdict'; readonly verdict: VerdictInput & { readonly position: Position } };

/** What an event of a `config-` stream says to the folds; `undefined` if nothing. */
export function wordOf(event: RecordedEvent): OperatorWord | undefined {
  const config = decodeConfigEvent(event);
  const workspace = workspaceOf(event.stream);
  const { position } = event;
  if (config?.type === 'IdentityCommanded') {
    const { commandId: eventId, order, actor, reason, at } = config;
    return { kind: 'order', at, command: { workspace, eventId, position, actor, reason, ...order } };
  }
  if (config?.type === 'CorrectionConfirmed' || config?.type === 'CorrectionRejected') {
    const { type, commandId: eventId, from, to, fromNamespace, toNamespace, actor, reason, at } = config;
    const pair = { from, to, fromNamespace, toNamespace };
    const verdict = type === 'CorrectionConfirmed' ? 'confirmed' : 'rejected';
    return {
      kind: 'verdict',
      verdict: { workspace, eventId, position, ...pair, verdict, actor, reason, at },
    };
  }
  return undefined;
}

/** Place of a word in the log. */
export function placeOfWord(word: OperatorWord): Position {
  return word.kind === 'order' ? word.command.position : word.verdict.position;
}

/** Workspace that a word is said in, and when: ms since 1970 UTC. */
export function workspaceOfWord(word: OperatorWord): Pick<VerdictInput, 'workspace' | 'at'> {
  return word.kind === 'order'
    ? { workspace: word.command.workspace, at: word.at }
    : { workspace: word.verdict.workspace, at: word.verdict.at };
}

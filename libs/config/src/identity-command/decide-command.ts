import type { EventId } from '#kernel';
import type { Authorship } from '../config-event.ts';
import type { ConfigState } from '../config-state.ts';
import type { Decided } from '../decided.ts';
import type { IdentityOrder } from './identity-command.ts';

/** There is no such command, or it was taken back already. */
export interface UnknownCommand {
  readonly outcome: 'unknown_command';
}

/** An order, unless it takes back what was never given. */
export function decideCommand(
  { commands }: ConfigState,
  commandId: EventId,
  order: IdentityOrder,
  reason: string,
  by: Authorship,
): Decided<UnknownCommand> {
  if (order.kind === 'undo' && commands.get(order.command)?.undone !== false) {
    return { refused: { outcome: 'unknown_command' } };
  }
  return { events: [{ type: 'IdentityCommanded', commandId, order, reason, ...by }] };
}

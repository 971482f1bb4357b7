import type { EventId } from '#kernel';
import type { IdentityCommanded } from '../config-event.ts';
import type { IdentityCommand } from './identity-command.ts';

/** Commands of a workspace by id, oldest first. */
export type IdentityCommands = ReadonlyMap<EventId, IdentityCommand>;

/** The commands after an event. */
export function foldCommand(commands: IdentityCommands, event: IdentityCommanded): IdentityCommands {
  const { commandId, order, actor, reason, at } = event;
  const after = new Map(commands);
  const undone = order.kind === 'undo' ? after.get(order.command) : undefined;
  if (undone !== undefined) after.set(undone.commandId, { ...undone, undone: true });
  return after.set(commandId, { commandId, order, actor, reason, at, undone: false });
}

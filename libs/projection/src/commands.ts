import { decodeConfigEvent, workspaceOf } from '#config';
import type { RecordedEvent } from '#event-log';
import type { Command } from '#identity';

/** An operator's order as identity folds it, with the time of its giving. */
export interface TimedCommand {
  readonly command: Command;
  /** Ms since 1970 UTC. */
  readonly at: number;
}

/** The order that an event of a `config-` stream holds; `undefined` if it holds none. */
export function commandOf(event: RecordedEvent): TimedCommand | undefined {
  const config = decodeConfigEvent(event);
  if (config?.type !== 'IdentityCommanded') return undefined;
  const { commandId: eventId, order, actor, reason, at } = config;
  const { position } = event;
  return {
    at,
    command: { workspace: workspaceOf(event.stream), eventId, position, actor, reason, ...order },
  };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LogUnavailable } from '#event-log';
import type { AppendResult, EventLog, NewEvent } from '#event-log';
import type { Position, Workspace } from '#kernel';
import { encodeConfigEvent } from './config-event.ts';
import type { ConfigEvent } from './config-event.ts';
import { configStream } from './config-state.ts';
import type { ConfigState } from './config-state.ts';
import type { ConfigFollower } from './config-follower.ts';
import type { Decided } from './decided.ts';

/** A change is in the log, and the follower of this process has seen it. */
export interface Written {
  readonly outcome: 'written';
  /** Of the last event of the change; of the newest configuration if there was nothing to change. */
  readonly position: Position;
}

/** How long an append of unknown outcome is tried again. */
const RETRIES = 50;
const RETRY_PAUSE_MS = 100;

/** Carries decisions into the log: decided on the newest configuration, answered when everybody here sees them. */
export class ConfigWriter {
  constructor(
    private readonly log: EventLog,
    private readonly follower: ConfigFollower,
  ) {}

  /**
   * Decides and appends; where another writer was faster, decides again on what that one left. Throws
   * `LogUnavailable`: the change may have been made then.
   */
  async write<Refusal extends { readonly outcome: string }>(
    workspace: Workspace,
    decide: (state: ConfigState) => Decided<Refusal>,
  ): Promise<Written | Refusal> {
    for (;;) {
      const state = this.follower.state(workspace);
      const decided = decide(state);
      if ('refused' in decided) return decided.refused;
      if (decided.events.length === 0) return { outcome: 'written', position: this.follower.position };
      const result = await this.#append(state, decided.events);
      await this.follower.catchUp(workspace);
      if (result.outcome === 'appended') return { outcome: 'written', position: result.position };
    }
  }

  async #append({ workspace, revision }: ConfigState, events: readonly ConfigEvent[]): Promise<AppendResult> {
    const rows = events.map((event): NewEvent => ({
      id: randomUUID(),
      type: event.type,
      metadata: Buffer.alloc(0),
      data: encodeConfigEvent(event),
    }));
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.log.append(configStream(workspace), rows, revision < 0n ? 'noStream' : revision);
      } catch (error) {
        if (!(error instanceof LogUnavailable) || attempt === RETRIES) throw error;
        await pause(RETRY_PAUSE_MS);
      }
    }
  }
}

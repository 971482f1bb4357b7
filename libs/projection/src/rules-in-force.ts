import type { Position, Workspace } from '#kernel';
import { CONFIG_STREAMS, decodeConfigEvent, workspaceOf } from '#config';
import type { IdentityRulesPublished } from '#config';
import type { EventLog, RecordedEvent } from '#event-log';
import { DEFAULT_RULES, rulesOf } from '#identity';
import type { IdentityRules } from '#identity';
import type { StateStore } from '#state-store';
import { birthOf } from './birth.ts';

/**
 * The rules of identity by which a generation folds: those published up to its birth, for all of the log. What is
 * published later is noted only: the next generation folds by it.
 */
export class RulesInForce {
  readonly #inForce = new Map<Workspace, IdentityRules>();
  #outdated = false;

  private constructor(private readonly born: Position) {}

  /** Rules of a generation that was born at a position. */
  static async open(log: EventLog, born: Position): Promise<RulesInForce> {
    const rules = new RulesInForce(born);
    for await (const stream of log.streams(CONFIG_STREAMS)) {
      for await (const event of log.readStream(stream)) rules.take(event);
    }
    return rules;
  }

  /** True once newer rules than these are published, in any workspace. */
  get outdated(): boolean {
    return this.#outdated;
  }

  /** Rules of a workspace. */
  of(workspace: Workspace): IdentityRules {
    return this.#inForce.get(workspace) ?? DEFAULT_RULES;
  }

  /** Learns from an event of a `config-` stream; every other event, and one already learnt, changes nothing. */
  take(event: RecordedEvent): void {
    const published = publishedIn(event);
    if (published === undefined) return;
    if (event.position > this.born) this.#outdated = true;
    else this.#inForce.set(workspaceOf(event.stream), rulesOf(published.changes, published.version));
  }
}

/** The rules of the generation whose state this is, for readers. Throws what log and state throw. */
export async function rulesOfState(log: EventLog, state: StateStore): Promise<RulesInForce> {
  return RulesInForce.open(log, await birthOf(log, state));
}

function publishedIn(event: RecordedEvent): IdentityRulesPublished | undefined {
  if (!event.stream.startsWith(CONFIG_STREAMS)) return undefined;
  const config = decodeConfigEvent(event);
  return config?.type === 'IdentityRulesPublished' ? config : undefined;
}

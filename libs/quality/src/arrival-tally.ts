import type { SourceName, Workspace } from '#kernel';

/** What arrived and left no event of its own in the log, by source and day of arrival. */
export interface ArrivalCount {
  readonly source: SourceName;
  /** UTC, ISO date. */
  readonly day: string;
  /** `repeated`: known already; `refused`: no touchpoint, and answered so. */
  readonly outcome: 'repeated' | 'refused';
  /** Error code of what was refused; empty for repeated items. */
  readonly code: string;
  readonly items: number;
  /** Arrival of the last of them, ms since 1970 UTC. */
  readonly lastAt: number;
}

/** Names of a count that are told apart; what goes beyond is counted under `other`. */
const MAX_COUNTS = 1_000;

/** Counts what arrives and is not stored, until it is written down. */
export class ArrivalTally {
  #counts = new Map<Workspace, Map<string, ArrivalCount>>();

  /** Counts items. `receivedAt`: ms since 1970 UTC. */
  add(
    workspace: Workspace,
    source: SourceName,
    receivedAt: number,
    outcome: ArrivalCount['outcome'],
    code: string,
    items = 1,
  ): void {
    let counts = this.#counts.get(workspace);
    if (counts === undefined) this.#counts.set(workspace, (counts = new Map<string, ArrivalCount>()));
    const day = new Date(receivedAt).toISOString().slice(0, 10);
    let name = code;
    let key = `${source} ${day} ${outcome} ${name}`;
    if (counts.size >= MAX_COUNTS && !counts.has(key)) {
      name = 'other';
      key = `${source} ${day} ${outcome} ${name}`;
    }
    const known = counts.get(key);
    const lastAt = Math.max(known?.lastAt ?? 0, receivedAt);
    counts.set(key, { source, day, outcome, code: name, items: (known?.items ?? 0) + items, lastAt });
  }

  /** What was counted since the last taking, by workspace. */
  take(): ReadonlyMap<Workspace, readonly ArrivalCount[]> {
    const taken = new Map([...this.#counts].map(([workspace, counts]) => [workspace, [...counts.values()]]));
    this.#counts = new Map();
    return taken;
  }
}

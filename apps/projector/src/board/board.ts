import type { EventId, Workspace } from '#kernel';
import { toJsonBytes } from '#kernel';
import type { FitProgress } from '#scoring';
import type { StateStore } from '#state-store';
import type { PlanOrder, PlanState } from '../operation/rule-plans.ts';
import type { RebuildState } from '../operation/operations.ts';

/** What the active projector tells of itself, at every change and at least once a second. */
export interface Beat {
  /** Grows with each: a beat that stands still is that of a projector which has died. */
  readonly count: number;
  /** Generation that readers are to read, and the epoch of its state. */
  readonly generation: number;
  readonly epoch: string;
  /** Log positions that the projections have passed, decimal. */
  readonly profiles: string;
  readonly warehouse: string;
  /** The head of the log was reached since this projector took over. */
  readonly caughtUp: boolean;
  /** The fit under way. */
  readonly fit: { readonly runId: EventId; readonly progress: FitProgress } | null;
}

/** Orders by their kind, and what is reported of them. */
export interface Jobs {
  readonly rebuild: { readonly order: Record<string, never>; readonly report: RebuildState };
  readonly plan: {
    readonly order: PlanOrder | { readonly cancel: Workspace };
    readonly report: { readonly workspace: Workspace | undefined; readonly state: PlanState };
  };
}

/** An order, or a report on the order with that number. Orders of a kind are numbered from 1. */
export interface Numbered<T> {
  readonly number: number;
  readonly value: T;
}

const BEAT = { collection: 'beat', key: 'now' };
const ORDERS = 'order';
const REPORTS = 'report';

/**
 * Rows by which processes that do not know each other's addresses speak: operators' orders to the active projector,
 * its reports, its beat. They live in the state store because whoever lost it rebuilds, and asks again.
 */
export class Board {
  constructor(private readonly store: StateStore) {}

  /** The newest beat; `undefined` where no projector was ever active. */
  beat(): Promise<Beat | undefined> {
    return this.#read<Beat>(BEAT.collection, BEAT.key);
  }

  /** The active projector's word on itself. */
  async tellBeat(beat: Beat): Promise<void> {
    await this.store.commit([{ ...BEAT, value: toJsonBytes(beat) }]);
  }

  /** The newest order of a kind. */
  order<K extends keyof Jobs>(kind: K): Promise<Numbered<Jobs[K]['order']> | undefined> {
    return this.#read(ORDERS, kind);
  }

  /** Places the order after that number; false if somebody else was faster. */
  async place<K extends keyof Jobs>(kind: K, after: number, value: Jobs[K]['order']): Promise<boolean> {
    const number = after + 1;
    const result = await this.store.commit(
      [{ collection: ORDERS, key: kind, value: toJsonBytes({ number, value }) }],
      [{ name: `${ORDERS}.${kind}`, expected: BigInt(after), next: BigInt(number) }],
    );
    return result.outcome === 'committed';
  }

  /** What was last reported of a kind. */
  report<K extends keyof Jobs>(kind: K): Promise<Numbered<Jobs[K]['report']> | undefined> {
    return this.#read(REPORTS, kind);
  }

  /** Reports on the order with that number, and takes it off the board's open ones. */
  async tellReport<K extends keyof Jobs>(kind: K, report: Numbered<Jobs[K]['report']>): Promise<void> {
    await this.store.commit([{ collection: REPORTS, key: kind, value: toJsonBytes(report) }]);
  }

  async #read<T>(collection: string, key: string): Promise<T | undefined> {
    const [value] = await this.store.read([{ collection, key }]);
    return value ? (JSON.parse(value.toString('utf8')) as T) : undefined;
  }
}

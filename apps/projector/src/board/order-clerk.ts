import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '#kernel';
import type { LocalOperations } from '../operation/local-operations.ts';
import type { LocalRulePlans } from '../operation/local-rule-plans.ts';
import type { Beat, Board, Jobs, Numbered } from './board.ts';

/** How often orders are looked for: two rows. */
const LOOK_MS = 200;

/** Readers who wait for their own writes look as often as this. */
const BEAT_MS = 50;

/** A beat is told this often though nothing has changed. */
const PULSE_MS = 1_000;

/** What a clerk needs of the active projector. */
export interface ClerkParts {
  readonly board: Board;
  readonly operations: LocalOperations;
  readonly plans: LocalRulePlans;
  /** What is to be told of now; counting is the clerk's. */
  readonly beat: () => Omit<Beat, 'count'>;
  readonly onTrouble: (step: string, error: unknown) => void;
}

/** Carries out the board's orders while its projector is active, and keeps the board's reports and beat new. */
export class OrderClerk {
  /** Number of the newest order of each kind that was begun, here or by a predecessor. */
  readonly #begun: Record<keyof Jobs, number> = { rebuild: 0, plan: 0 };
  readonly #found: Record<keyof Jobs, number> = { rebuild: 0, plan: 0 };
  readonly #told: Record<keyof Jobs, string> = { rebuild: '', plan: '' };

  constructor(private readonly parts: ClerkParts) {}

  /** Works until aborted. What fails is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#again('orders', LOOK_MS, signal, () => this.#work()),
      this.#again('beat', BEAT_MS, signal, this.#beater()),
    ]);
  }

  /** Reports anew what a predecessor left unfinished: nobody works on it any more. */
  async takeOver(): Promise<void> {
    const { board } = this.parts;
    const rebuild = await board.report('rebuild');
    const plan = await board.report('plan');
    this.#begun.rebuild = this.#found.rebuild = rebuild?.number ?? 0;
    this.#begun.plan = this.#found.plan = plan?.number ?? 0;
    const message = 'the projector that worked on it has ended; ask for it again';
    if (rebuild?.value.status === 'running')
      await board.tellReport('rebuild', { ...rebuild, value: { status: 'failed', message } });
    const state = plan?.value.state;
    if (plan !== undefined && state?.status === 'running') {
      const { baseVersion, changes } = state;
      const ended = { baseVersion, changes, status: 'failed', message } as const;
      await board.tellReport('plan', { ...plan, value: { ...plan.value, state: ended } });
    }
  }

  async #work(): Promise<void> {
    const { board, operations, plans } = this.parts;
    const rebuild = await board.order('rebuild');
    if (rebuild !== undefined && rebuild.number > this.#begun.rebuild) {
      this.#begun.rebuild = rebuild.number;
      operations.start();
    }
    const plan = await board.order('plan');
    if (plan !== undefined && plan.number > this.#begun.plan) {
      this.#begun.plan = plan.number;
      if ('cancel' in plan.value) await plans.cancel(plan.value.cancel);
      else await plans.start(plan.value);
    }
    await this.#report('rebuild', { number: this.#begun.rebuild, value: operations.rebuild });
    await this.#report('plan', { number: this.#begun.plan, value: plans.newest });
  }

  /** Tells what has changed. What a predecessor reported stays until there is something newer. */
  async #report<K extends keyof Jobs>(kind: K, report: Numbered<Jobs[K]['report']>): Promise<void> {
    const { value } = report;
    const { status } = 'status' in value ? value : value.state;
    if (status === 'none' && report.number === this.#found[kind]) return;
    const text = JSON.stringify(report);
    if (this.#told[kind] === text) return;
    await this.parts.board.tellReport(kind, report);
    this.#told[kind] = text;
  }

  #beater(): () => Promise<void> {
    let count = 0;
    let told = '';
    let toldAt = 0;
    return async () => {
      const beat = this.parts.beat();
      const text = JSON.stringify(beat);
      if (text === told && performance.now() - toldAt < PULSE_MS) return;
      if (count === 0) count = (await this.parts.board.beat())?.count ?? 0;
      await this.parts.board.tellBeat({ ...beat, count: ++count });
      told = text;
      toldAt = performance.now();
    };
  }

  async #again(step: string, everyMs: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (!signal.aborted) this.parts.onTrouble(`board: ${step}`, messageOf(error));
      }
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

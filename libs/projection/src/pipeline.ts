import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#kernel';
import { SUBJECT_STREAMS } from '#erasure';
import type { EventLog, RecordedEvent } from '#event-log';
import { createMatcher } from '#identity';
import type { KeyStore } from '#key-store';
import type { StateStore } from '#state-store';
import { birthOf } from './birth.ts';
import { deriveIdentifiers } from './derive-identifiers.ts';
import type { DerivationParts } from './derive-identifiers.ts';
import { Follower } from './follower.ts';
import { ErasedRefs } from './erased-refs.ts';
import { MappingHistory } from './mapping-history.ts';
import type { Monitor } from './monitor.ts';
import { planRules } from './plan/plan-rules.ts';
import type { PlanOutcome, RulesOnTrial } from './plan/plan-rules.ts';
import type { Progress } from './progress.ts';
import { Publisher } from './publisher.ts';
import { RulesInForce } from './rules-in-force.ts';
import { Runner } from './runner.ts';
import type { RowSink } from './sink.ts';
import { keepSquashed } from './squashing.ts';

/** Row blocks (≤ 1,000 events each) that may wait on disk for a slow warehouse before the fold waits too. */
const MAX_PENDING_BLOCKS = 1_000;

/** Engines of one generation of the projections. */
export interface PipelineParts {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly state: StateStore;
  readonly sink: RowSink;
  readonly monitor: Monitor;
  /** Told of each event of a `subject-` stream, as soon as it is read. Must not throw. */
  readonly onSubject?: (event: RecordedEvent) => void;
}

/** One generation of the projections: fold, publisher and warehouse follower over one state store. */
export class Pipeline {
  #abort = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly state: StateStore,
    private readonly runner: Runner,
    private readonly publisher: Publisher,
    private readonly follower: Follower,
    private readonly mappings: MappingHistory,
    /** The rules by which this generation tells people apart. */
    readonly rules: RulesInForce,
    private readonly parts: PipelineParts,
  ) {}

  /** Opens a generation where its state stands; nothing runs yet. */
  static async open(parts: PipelineParts): Promise<Pipeline> {
    const { log, state, sink, monitor, onSubject } = parts;
    const born = await birthOf(log, state);
    const publisher = new Publisher(log, state, monitor, () => runner.progress.position >= born);
    const follower = await Follower.open({ state, sink, monitor, upstream: () => runner.progress.position });
    const downstream = {
      blockCommitted: () => {
        follower.blockCommitted();
        publisher.wake.call();
      },
      nothingToWrite: () => follower.wake.call(),
      room: async (signal: AbortSignal) => {
        while (!signal.aborted && follower.pendingBlocks > MAX_PENDING_BLOCKS) await pause(50);
      },
    };
    const mappings = await MappingHistory.open(log, born);
    const rules = await RulesInForce.open(log, born);
    const matcher = createMatcher((workspace) => rules.of(workspace));
    const erased = await ErasedRefs.open(log, born);
    const configured = {
      take: (event: RecordedEvent) => {
        [mappings, rules, erased].forEach((one) => one.take(event));
        if (event.stream.startsWith(SUBJECT_STREAMS)) onSubject?.(event);
      },
    };
    const runner = await Runner.open({ ...parts, mappings, matcher, configured, erased, born, downstream });
    return new Pipeline(state, runner, publisher, follower, mappings, rules, parts);
  }

  /** How far the profiles are. */
  get profiles(): Progress {
    return this.runner.progress;
  }

  /** How far the tables are. */
  get warehouse(): Progress {
    return this.follower.progress;
  }

  /** True where another generation must take the place of this one: by newer rules, or after an erasure. */
  get outdated(): boolean {
    return this.rules.outdated || this.runner.entangled;
  }

  /** True if this generation holds something of an erased person that only another one will not. */
  get entangled(): boolean {
    return this.runner.entangled;
  }

  /** True once the fold has reached the head of the log since it was opened. */
  get caughtUp(): boolean {
    return this.runner.caughtUp;
  }

  /**
   * Appends what this generation's mappings find in webhook items and older ones missed. Answers how many items gained
   * identifiers; the fold meets them in the log.
   */
  deriveIdentifiers(now: () => number, progress: DerivationParts['progress']): Promise<number> {
    const { log, keys } = this.parts;
    return deriveIdentifiers({ log, keys, mappings: this.mappings, now, progress });
  }

  /** Tries rules of identity in two empty stores of the caller's. The live state is neither read nor changed. */
  planRules(
    trial: RulesOnTrial,
    stores: { readonly before: StateStore; readonly after: StateStore },
  ): Promise<PlanOutcome> {
    const { log, keys } = this.parts;
    return planRules({ log, keys, mappings: this.mappings }, trial, stores);
  }

  /** Begins to follow the log. A generation that is being rebuilt publishes nothing. */
  start(options: { readonly publish: boolean }): void {
    const { signal } = (this.#abort = new AbortController());
    const { sink, monitor } = this.parts;
    const settled = (): Position => this.warehouse.position;
    const loops = [
      this.runner.run(signal),
      this.follower.run(signal),
      keepSquashed({ sink, monitor, settled }, signal),
    ];
    if (options.publish) loops.push(this.publisher.run(signal));
    // A loop ends by an error only where another process runs this shard: there is nothing to try again then.
    this.#loops = Promise.all(loops).catch((error: unknown) => monitor.retrying('fenced', error));
  }

  /** Ends after the block under way; what was begun is finished at the next start. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.follower.wake.call();
    this.publisher.wake.call();
    await this.#loops;
  }

  /** With the loops stopped: folds up to `until` and brings every row to the tables. */
  async settleAt(until: Position): Promise<void> {
    if (this.runner.progress.position < until) await this.runner.runUntil(until);
    await this.follower.drain();
  }
}

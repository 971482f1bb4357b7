import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#kernel';
import { CONFIG_STREAMS } from '#config';
import { SUBJECT_STREAMS } from '#erasure';
import type { Erasure } from '#erasure';
import { QUALITY_STREAMS } from '#quality';
import { reach, TemasError } from '#kernel';
import type { EventLog, RecordedEvent } from '#event-log';
import type { Matcher } from '#identity';
import type { KeyStore } from '#key-store';
import { Deposed, UnitOfWork } from '#state-store';
import type { StateStore, StateWrite } from '#state-store';
import { ahead } from './ahead.ts';
import { takeBlocks } from './blocks.ts';
import type { Block } from './blocks.ts';
import { repeatedArrivals, talliedArrivals } from './arrivals.ts';
import { placeOfWord, wordOf } from './commands.ts';
import type { OperatorWord } from './commands.ts';
import { dedupe } from './dedupe.ts';
import { entangledWrite, isEntangled } from './entangled.ts';
import { erasureIn } from './erased-refs.ts';
import type { DeadRefs } from './erased-refs.ts';
import { foldBlock, foresee } from './fold-block.ts';
import { foldErasure } from './fold-erasure.ts';
import type { ArrivalFact, FoldedBlock } from './folded-block.ts';
import type { Mappings } from './mapping-history.ts';
import type { Monitor } from './monitor.ts';
import { openTouchpoints } from './opened.ts';
import type { OpenedTouchpoint } from './opened.ts';
import { orderedKey, outboxWrites } from './outbox.ts';
import { Progress } from './progress.ts';
import { encodeErased, encodeRowBlock, ROW_BLOCKS } from './row-block.ts';
import type { RowSink } from './sink.ts';

/** Checkpoint of dedupe, identity and profile, which move in one commit. */
export const PROFILE_CHECKPOINT = 'profile';

/** What the fold takes from the log. Decisions are outputs: `profile-` streams are never inputs. */
const INPUTS = ['touchpoint-', CONFIG_STREAMS, QUALITY_STREAMS, SUBJECT_STREAMS];

const RETRY_MS = 500;

/** A block whose touchpoints are opened. */
interface OpenedBlock {
  readonly touchpoints: readonly OpenedTouchpoint[];
  readonly words: readonly OperatorWord[];
  readonly arrivals: readonly ArrivalFact[];
  /** An erasure is a block of its own: it takes away what those before it have committed. */
  readonly erasure: Erasure | undefined;
  readonly to: Position;
  readonly caughtUp: boolean;
}

/** Engines and neighbours of a runner. */
export interface RunnerParts {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly state: StateStore;
  readonly matcher: Matcher;
  readonly mappings: Mappings;
  /** Told of each event of a `config-` or `subject-` stream, before the touchpoints after it are opened. */
  readonly configured: { readonly take: (event: RecordedEvent) => void };
  readonly erased: DeadRefs;
  /** Position at which this generation was born: nothing that was erased before it has ever been read. */
  readonly born: Position;
  readonly sink: RowSink;
  readonly monitor: Monitor;
  readonly downstream: {
    /** A block was committed: the publisher and the warehouse have work. */
    readonly blockCommitted: () => void;
    /** The fold has moved on without rows: whoever waits for the tables need not. */
    readonly nothingToWrite: () => void;
    /** Waits while too many row blocks are pending, so that disk use stays bounded. */
    readonly room: (signal: AbortSignal) => Promise<void>;
  };
}

/**
 * The ordered runner of a shard (design §8): one event after the other through dedupe, identity and profile,
 * committed block by block with the checkpoint, the decisions to publish and the rows for the warehouse.
 */
export class Runner {
  readonly progress: Progress;
  #work: UnitOfWork;
  #caughtUp = false;
  /** A commit failed on its way: whether it was carried out, only the store can tell. */
  #unsure = false;

  private constructor(
    private readonly parts: RunnerParts,
    private checkpoint: Position,
    private isEntangled: boolean,
  ) {
    this.progress = new Progress(checkpoint);
    this.#work = new UnitOfWork(parts.state);
  }

  /** A runner that goes on where the state store stands. */
  static async open(parts: RunnerParts): Promise<Runner> {
    const checkpoint = (await parts.state.checkpoint(PROFILE_CHECKPOINT)) as Position;
    return new Runner(parts, checkpoint, await isEntangled(parts.state));
  }

  /** True once a person was erased with whom others are entangled: only a rebuild takes all of theirs away. */
  get entangled(): boolean {
    return this.isEntangled;
  }

  /** True once the head of the log was reached. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }

  /** Follows the log until aborted. A step that fails is tried again from the last commit. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        if (isFenced(error)) throw error;
        this.parts.monitor.retrying('fold', error);
        // Not emptied but left: what was being read ahead for the block that failed must not come back.
        this.#work = new UnitOfWork(this.parts.state);
      }
      if (!signal.aborted) await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Folds up to and including `until`, which must be the position of a touchpoint, then stops. */
  async runUntil(until: Position): Promise<void> {
    const controller = new AbortController();
    for await (const block of this.#blocks(controller.signal)) {
      const touchpoints = block.touchpoints.filter(({ position }) => position <= until);
      const words = block.words.filter((word) => placeOfWord(word) <= until);
      const arrivals = block.arrivals.filter(({ position }) => position <= until);
      const erasure = block.to <= until ? block.erasure : undefined;
      const to = block.to < until ? block.to : until;
      await this.#apply({ ...block, touchpoints, words, arrivals, erasure, to });
      if (block.to >= until) break;
    }
    controller.abort();
  }

  async *#open(signal: AbortSignal): AsyncGenerator<OpenedBlock> {
    const work = this.#work;
    for await (const block of takeBlocks(this.parts.log, this.checkpoint, INPUTS, signal)) {
      for (const part of byErasure(block)) {
        const opened = await this.#opened(part);
        await foresee(work, this.parts.matcher, opened.touchpoints);
        yield opened;
      }
    }
  }

  async #opened({ events, to, caughtUp, erasure }: PartOfBlock): Promise<OpenedBlock> {
    const { keys, mappings, configured, erased } = this.parts;
    const config = events.filter(({ stream }) => stream.startsWith(CONFIG_STREAMS));
    for (const event of events) if (!stream(event, 'touchpoint-')) configured.take(event);
    const touchpoints = events.filter((event) => stream(event, 'touchpoint-'));
    const words = config.flatMap((event) => wordOf(event) ?? []);
    const arrivals = events.filter((event) => stream(event, QUALITY_STREAMS)).flatMap(talliedArrivals);
    const opened = await openTouchpoints(keys, touchpoints, mappings, erased);
    return { touchpoints: opened, words, arrivals, erasure, to, caughtUp };
  }

  #blocks(signal: AbortSignal): AsyncGenerator<OpenedBlock> {
    return ahead(this.#open(signal));
  }

  async #follow(signal: AbortSignal): Promise<void> {
    if (this.#unsure) await this.#findPlace();
    for await (const block of this.#blocks(signal)) {
      await this.#apply(block);
      if (block.caughtUp) this.#caughtUp = true;
      await this.parts.downstream.room(signal);
    }
  }

  async #apply(block: OpenedBlock): Promise<void> {
    const { touchpoints, words } = block;
    if (block.erasure !== undefined) return this.#erase(block.erasure);
    const hasRows = touchpoints.length > 0 || words.length > 0 || block.arrivals.length > 0;
    if (hasRows) {
      const { keys, state, matcher, monitor, sink } = this.parts;
      const { fresh, repeated, differing, writes } = await dedupe(state, keys, touchpoints);
      const arrivals = [...block.arrivals, ...repeatedArrivals({ repeated, differing })];
      const isDead: DeadRefs['isDead'] = (ref, position) => this.parts.erased.isDead(ref, position);
      const folded = {
        ...(await foldBlock(this.#work, matcher, fresh, words, isDead)),
        arrivals,
        erased: [],
      };
      reach('folded');
      await this.#commit(block.to, [
        ...writes,
        ...this.#work.writes(),
        ...outboxWrites([...folded.facts, ...folded.commands].flatMap(({ decisions }) => decisions)),
        rowBlockWrite(block.to, sink, folded),
      ]);
      reach('outbox-written');
      this.parts.downstream.blockCommitted();
      monitor.folded({
        events: touchpoints.length,
        fresh: fresh.length,
        repeated: repeated.length,
        unreadable: fresh.filter(({ body }) => body === null).length,
      });
      const broken = fresh.filter((touchpoint) => touchpoint.broken);
      if (differing.length > 0)
        monitor.differingDuplicates(differing.map(({ envelope }) => envelope.eventId));
      if (broken.length > 0) monitor.broken(broken.map(({ envelope }) => envelope.eventId));
    }
    this.progress.advance(block.to);
    if (!hasRows) this.parts.downstream.nothingToWrite();
  }

  async #erase(erasure: Erasure): Promise<void> {
    const { state, matcher, sink, born, downstream } = this.parts;
    const { position } = erasure;
    const { folded, entangled } = await foldErasure(this.#work, state, matcher, erasure);
    const outdated = entangled && position > born;
    reach('folded');
    await this.#commit(position, [
      ...this.#work.writes(),
      ...outboxWrites(folded.commands.flatMap(({ decisions }) => decisions)),
      ...(outdated ? [entangledWrite(position)] : []),
      rowBlockWrite(position, sink, folded),
    ]);
    if (outdated) this.isEntangled = true;
    downstream.blockCommitted();
    this.progress.advance(position);
  }

  async #findPlace(): Promise<void> {
    this.checkpoint = (await this.parts.state.checkpoint(PROFILE_CHECKPOINT)) as Position;
    this.isEntangled = await isEntangled(this.parts.state);
    this.#unsure = false;
    this.progress.advance(this.checkpoint);
    this.parts.downstream.blockCommitted();
  }

  async #commit(to: Position, writes: readonly StateWrite[]): Promise<void> {
    const move = { name: PROFILE_CHECKPOINT, expected: this.checkpoint, next: to };
    this.#unsure = true;
    const result = await this.parts.state.commit(writes, [move]);
    this.#unsure = false;
    if (result.outcome === 'conflict') throw new Fenced(result.actual);
    this.checkpoint = to;
    this.#work.committed();
  }
}

function rowBlockWrite(to: Position, sink: RowSink, folded: FoldedBlock): StateWrite {
  const tables = [...sink.rowsOf(folded), ...encodeErased(folded.erased)];
  return { collection: ROW_BLOCKS, key: orderedKey(to), value: encodeRowBlock(tables) };
}

interface PartOfBlock extends Block {
  readonly erasure: Erasure | undefined;
}

/** Parts a block before and after each erasure. */
function* byErasure({ events, to, caughtUp }: Block): Generator<PartOfBlock> {
  let part: RecordedEvent[] = [];
  for (const event of events) {
    const erasure = erasureIn(event);
    if (erasure === undefined) {
      part.push(event);
      continue;
    }
    const before = part.at(-1);
    if (before !== undefined)
      yield { events: part, to: before.position, caughtUp: false, erasure: undefined };
    yield { events: [event], to: event.position, caughtUp: false, erasure };
    part = [];
  }
  if (part.length > 0 || caughtUp || events.length === 0 || to > (events.at(-1) as RecordedEvent).position)
    yield { events: part, to, caughtUp, erasure: undefined };
}

function stream(event: RecordedEvent, prefix: string): boolean {
  return event.stream.startsWith(prefix);
}

/** Another runner moved the checkpoint: two folds of one shard must never run. Ends this runner. */
class Fenced extends TemasError {
  constructor(actual: bigint) {
    super('PROJECTION.FENCED', `another runner moved the checkpoint to ${actual}; this one stops`);
  }
}

function isFenced(error: unknown): boolean {
  return error instanceof Fenced || error instanceof Deposed;
}

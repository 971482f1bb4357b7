import { setTimeout as pause } from 'node:timers/promises';
import { reach } from '#kernel';
import type { Position } from '#kernel';
import { LogUnavailable } from '../../errors.ts';
import { backoffMs } from './backoff.ts';
import { failureOf, isNotLeader } from './client-failure.ts';
import { NoAnswer } from './in-time.ts';
import { KeyedTurns } from './keyed-turns.ts';
import { proposedEvent } from './proposed-event.ts';
import { positionsBackFrom } from './recorded-size.ts';
import type { AppendResult, ExpectedRevision, NewEvent, RecordedEvent } from '../../event-log.port.ts';
import type { Ack, AppendConnection } from './append-connection.ts';
import type { Horizon } from './horizon.ts';
import type { LogReader } from './log-reader.ts';
import type { ProposedEvent } from './proposed-event.ts';

/** Tries of one append before its caller hears that the outcome is unknown. */
const ATTEMPTS = 4;

/** An append on its way. */
interface Task {
  readonly stream: string;
  readonly events: readonly ProposedEvent[];
  readonly expected: ExpectedRevision;
}

/**
 * Appends so that an event stands in the log once, whatever the server, the network and the client do: an append of
 * unknown outcome is sent again with the same ids and the same expected revision, which the server answers with the
 * first result if that one was written, also after its restart.
 */
export class Appender {
  readonly #turns = new KeyedTurns();
  readonly #working = new Set<Promise<unknown>>();
  /** Connection whose server was seen to lay records out as `positionsBackFrom` has it. */
  #layoutSeenOn: number | undefined;
  #layoutIsOther = false;

  constructor(
    private readonly connection: AppendConnection,
    private readonly reader: LogReader,
    private readonly horizon: Horizon,
  ) {}

  /**
   * See `EventLog.append`. One at a time in a stream: the server takes a copy on its way for a conflict. `before` has
   * to end well first; the bytes are taken before it begins.
   */
  append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    before?: () => Promise<void>,
  ): Promise<AppendResult> {
    const task: Task = { stream, events: events.map(proposedEvent), expected };
    const working = this.#turns.run(stream, async () => {
      await before?.();
      return this.#append(task);
    });
    this.#working.add(working);
    const done = (): void => void this.#working.delete(working);
    working.then(done, done);
    return working;
  }

  /** Resolves when no append is under way. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.allSettled(this.#working);
  }

  async #append(task: Task): Promise<AppendResult> {
    const { known } = this.horizon;
    let failure = new LogUnavailable('an append was not tried');
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) await pause(backoffMs(attempt - 1));
      const { number } = this.connection;
      try {
        return await this.#appended(
          task,
          await this.connection.append(task.stream, task.events, task.expected),
          known,
        );
      } catch (error) {
        const met = failureOf(error);
        if (met.kind === 'conflict') return this.#conflict(task, met.actual);
        if (met.kind === 'refused') throw met.error;
        failure = met.kind === 'unknown' ? met.error : new LogUnavailable('an append found no stream');
        // A call without an answer is never answered by that client; other errors may be over with the next call.
        if (failure instanceof NoAnswer || (attempt > 1 && !isNotLeader(failure)))
          this.connection.renew(number);
      }
    }
    throw failure;
  }

  async #appended(task: Task, ack: Ack, known: Position): Promise<AppendResult> {
    const { stream, events } = task;
    const repeated = ack.position <= known;
    const positions = repeated
      ? (await this.#standing(task)).map(({ position }) => position)
      : await this.#positions(task, ack);
    this.horizon.reached(ack.position);
    if (!repeated && stream.startsWith('touchpoint-')) reach('appended');
    const revision = firstRevision(task) + BigInt(events.length - 1);
    return { outcome: 'appended', revision, position: positions.at(-1) as Position, positions, repeated };
  }

  /**
   * A conflict, unless these very events stand at that place: the server takes a copy of an append that it has not
   * finished for a conflict, and the first of them may be ours.
   */
  async #conflict(task: Task, actual: bigint | undefined): Promise<AppendResult> {
    if (actual === undefined || actual < firstRevision(task)) return { outcome: 'conflict', actual };
    const standing = await this.#standing(task);
    const ours = task.events.every(({ id }, i) => standing[i]?.id === id);
    if (!ours) return { outcome: 'conflict', actual };
    const { revision, position } = standing.at(-1) as RecordedEvent;
    this.horizon.reached(position);
    return {
      outcome: 'appended',
      revision,
      position,
      positions: standing.map((event) => event.position),
      repeated: true,
    };
  }

  async #positions(task: Task, ack: Ack): Promise<Position[]> {
    const { stream, events } = task;
    if (events.length === 1) return [ack.position];
    const computed = positionsBackFrom(ack.position, stream, events);
    if (this.#layoutSeenOn === ack.connection && !this.#layoutIsOther) return computed;
    const read = (await this.#standing(task)).map(({ position }) => position);
    this.#layoutIsOther = computed.some((position, i) => position !== read[i]);
    this.#layoutSeenOn = ack.connection;
    return read;
  }

  /** What stands in the stream at the place of these events. */
  async #standing(task: Task): Promise<RecordedEvent[]> {
    const found: RecordedEvent[] = [];
    const { stream, events } = task;
    for await (const event of this.reader.stream(stream, firstRevision(task), BigInt(events.length)))
      found.push(event);
    return found;
  }
}

function firstRevision({ expected }: Task): bigint {
  return expected === 'noStream' ? 0n : expected + 1n;
}

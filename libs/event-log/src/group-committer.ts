import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#kernel';
import { LogOverloaded, LogUnavailable } from './errors.ts';
import type { EventLog, ExpectedRevision, NewEvent } from './event-log.port.ts';

/** Events of one append, at most; a larger request becomes consecutive appends of its lane. */
const EVENTS_PER_APPEND = 256;
const BYTES_PER_APPEND = 512 * 1024;

/** Waiting bytes beyond which callers are told to come back later: memory stays bounded under any load. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** How long an append of unknown outcome is tried again before its callers are told. */
const RETRY_FOR_MS = 10_000;
const RETRY_PAUSE_MS = 100;

interface Request {
  readonly topic: string;
  readonly events: readonly NewEvent[];
  readonly bytes: number;
  readonly resolve: (positions: Position[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A writer of its own: one append in flight, revisions known because nobody else writes its streams. */
interface Lane {
  writer: string;
  busy: boolean;
  readonly revisions: Map<string, ExpectedRevision>;
}

/**
 * Merges concurrent requests into appends (design §4). Streams are named
 * `touchpoint-<topic>.<yyyymmdd>.<writer>`; the day is fixed when the append is built, in UTC. Each lane's
 * streams have one writer, which makes a retry with the same expected revision safe on every adapter.
 */
export class GroupCommitter {
  readonly #lanes: Lane[];
  readonly #waiting: Request[] = [];
  #waitingBytes = 0;
  #scheduled = false;

  constructor(
    private readonly log: EventLog,
    private readonly now: () => number,
    lanes = 8,
  ) {
    this.#lanes = Array.from({ length: lanes }, () => ({
      writer: mintWriter(),
      busy: false,
      revisions: new Map(),
    }));
  }

  /**
   * Appends the events of one request and answers their positions once all are durable. Throws
   * {@link LogOverloaded} when too much is waiting and {@link LogUnavailable} when the log does not answer: the
   * outcome is then unknown, and sending the same events again is safe because the projector knows their ids.
   */
  commit(topic: string, events: readonly NewEvent[]): Promise<Position[]> {
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      return Promise.reject(new LogOverloaded(this.#waitingBytes));
    }
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ topic, events, bytes, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#dispatch();
      });
    });
  }

  #dispatch(): void {
    for (const lane of this.#lanes) {
      if (this.#waiting.length === 0) return;
      if (!lane.busy) void this.#work(lane);
    }
  }

  async #work(lane: Lane): Promise<void> {
    lane.busy = true;
    for (let group = this.#takeGroup(); group.length > 0; group = this.#takeGroup()) {
      await this.#append(lane, group);
    }
    lane.busy = false;
  }

  /** The oldest request and those after it on its topic that fit the same append; a large one goes alone. */
  #takeGroup(): Request[] {
    const first = this.#waiting.shift();
    if (first === undefined) return [];
    const group = [first];
    let { bytes } = first;
    let count = first.events.length;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      bytes += next.bytes;
      count += next.events.length;
      if (next.topic !== first.topic || bytes > BYTES_PER_APPEND || count > EVENTS_PER_APPEND) break;
      group.push(next);
      this.#waiting.shift();
    }
    return group;
  }

  async #append(lane: Lane, group: readonly Request[]): Promise<void> {
    const topic = (group[0] as Request).topic;
    try {
      const positions: Position[] = [];
      for (const events of cut(group.flatMap((request) => request.events))) {
        positions.push(...(await this.#appendOnce(lane, topic, events)));
      }
      let offset = 0;
      for (const { events, resolve } of group) resolve(positions.slice(offset, (offset += events.length)));
    } catch (error) {
      for (const { reject } of group) reject(error);
      lane.writer = mintWriter();
      lane.revisions.clear();
    } finally {
      for (const { bytes } of group) this.#waitingBytes -= bytes;
    }
  }

  async #appendOnce(lane: Lane, topic: string, events: readonly NewEvent[]): Promise<readonly Position[]> {
    const stream = `touchpoint-${topic}.${day(this.now())}.${lane.writer}`;
    const expected = lane.revisions.get(stream) ?? 'noStream';
    const giveUpAt = this.now() + RETRY_FOR_MS;
    for (;;) {
      try {
        const result = await this.log.append(stream, events, expected);
        if (result.outcome === 'conflict') throw new LogUnavailable(`${stream} has a second writer`);
        lane.revisions.set(stream, result.revision);
        if (lane.revisions.size > 1_000) lane.revisions.delete(lane.revisions.keys().next().value as string);
        return result.positions;
      } catch (error) {
        if (!(error instanceof LogUnavailable) || this.now() > giveUpAt) throw error;
        await pause(RETRY_PAUSE_MS);
      }
    }
  }
}

function* cut(events: readonly NewEvent[]): Generator<readonly NewEvent[]> {
  let start = 0;
  let bytes = 0;
  for (let i = 0; i < events.length; i++) {
    const { data, metadata } = events[i] as NewEvent;
    const size = data.length + metadata.length;
    if (i > start && (i - start === EVENTS_PER_APPEND || bytes + size > BYTES_PER_APPEND)) {
      yield events.slice(start, i);
      start = i;
      bytes = 0;
    }
    bytes += size;
  }
  if (start < events.length) yield events.slice(start);
}

function mintWriter(): string {
  return randomBytes(6).toString('hex');
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
}

/** An event as the stand-in keeps it. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  readonly stream: string;
  readonly revision: number;
  /** Byte offset in the log, as the server has it. */
  readonly position: number;
}

/** An event as a client proposes it. */
export type ProposedMessage = Omit<StoredEvent, 'stream' | 'revision' | 'position'>;

/** What a client expects of a stream; a number is the revision of its last event. */
export type Expected = number | 'noStream' | 'any' | 'streamExists';

/** How an append ended; `current` is −1 where there is no stream. */
export type Stored =
  | { readonly outcome: 'success'; readonly revision: number; readonly position: number }
  | { readonly outcome: 'wrongExpectedVersion'; readonly current: number };

const FIRST_POSITION = 500;

/** The log of the stand-in: in memory, with the server's rules for expected revisions and its byte offsets. */
export class StoredLog {
  readonly events: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #listeners = new Set<(events: readonly StoredEvent[]) => void>();
  #end = FIRST_POSITION;

  /** `padding`: bytes that this log spends on a record beyond what 23.10 does, as another version might. */
  constructor(private readonly padding = 0) {}

  /** Events of a stream; `undefined` if there is none. */
  stream(name: string): readonly StoredEvent[] | undefined {
    return this.#streams.get(name);
  }

  /** Calls back with the events of every append from now on; ends with the function returned. */
  follow(listener: (events: readonly StoredEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Appends, by the rules of the server: at the stream's end without looking at ids; before its end only the very
   * events that stand there, which are answered again. `any` goes to the end.
   */
  append(stream: string, expected: Expected, messages: readonly ProposedMessage[]): Stored {
    const events = this.#streams.get(stream) ?? [];
    const current = events.length - 1;
    const at = expected === 'noStream' ? -1 : typeof expected === 'number' ? expected : current;
    if (at > current) return { outcome: 'wrongExpectedVersion', current };
    if (at < current) {
      const standing = events.slice(at + 1, at + 1 + messages.length);
      const last = standing.at(-1);
      const same = messages.every(({ id }, i) => standing[i]?.id === id);
      if (!same || last === undefined) return { outcome: 'wrongExpectedVersion', current };
      return { outcome: 'success', revision: last.revision, position: last.position };
    }
    const stored = messages.map((message, i) => this.#store(stream, current + 1 + i, message));
    events.push(...stored);
    this.#streams.set(stream, events);
    const last = stored.at(-1) as StoredEvent;
    for (const listener of this.#listeners) listener(stored);
    return { outcome: 'success', revision: last.revision, position: last.position };
  }

  #store(stream: string, revision: number, message: ProposedMessage): StoredEvent {
    const event = { ...message, stream, revision, position: this.#end };
    this.events.push(event);
    this.#end += sizeOf(event) + this.padding;
    return event;
  }
}

/** Bytes of a record of version 23.10: its parts, and its length before and behind it. */
function sizeOf({ stream, type, data, metadata }: StoredEvent): number {
  const lengths = 2 * 4;
  const head = 1 + 1 + 8 + 2 + 8 + 4 + 8;
  const ids = 16 + 16 + 8;
  return lengths + head + ids + text(stream) + text(type) + 4 + data.length + 4 + metadata.length;
}

function text(value: string): number {
  const size = Buffer.byteLength(value);
  return size + (size < 128 ? 1 : 2);
}

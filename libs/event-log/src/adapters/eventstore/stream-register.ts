import { randomUUID } from 'node:crypto';
import { KeyedTurns } from './keyed-turns.ts';
import { STREAM_REGISTER } from './recorded-event.ts';
import type { Appender } from './appender.ts';
import type { LogReader } from './log-reader.ts';

/** Prefixes of streams that are many, and that nobody lists at a start. */
const TOO_MANY = ['touchpoint-', 'profile-', 'quality-'];

/**
 * Names of the streams that are few, configuration above all, kept in a stream of the adapter: EventStoreDB lists
 * streams by a projection that writes as many events again as there are, or by reading all of them. A name is entered
 * before its stream begins, so that none is missing after a crash; one whose stream never began is left out when they
 * are listed.
 */
export class StreamRegister {
  readonly #names = new Set<string>();
  readonly #turns = new KeyedTurns();
  #revision = -1n;

  constructor(
    private readonly reader: LogReader,
    private readonly appender: Appender,
  ) {}

  /** True if a stream is entered. */
  holds(stream: string): boolean {
    return !TOO_MANY.some((prefix) => stream.startsWith(prefix));
  }

  /** True if every stream that can have this prefix is entered. */
  covers(prefix: string): boolean {
    return this.holds(prefix) && !TOO_MANY.some((many) => many.startsWith(prefix));
  }

  /** Enters a stream that is about to begin, unless it is there. Throws `LogUnavailable`. */
  enter(stream: string): Promise<void> {
    return this.#turns.run(STREAM_REGISTER, async () => {
      while (!this.#names.has(stream)) {
        const data = Buffer.from(JSON.stringify({ stream }));
        const event = { id: randomUUID(), type: 'StreamRegistered', metadata: Buffer.alloc(0), data };
        const expected = this.#revision < 0n ? 'noStream' : this.#revision;
        const result = await this.appender.append(STREAM_REGISTER, [event], expected);
        // Another process has entered streams in the meantime, perhaps this one.
        if (result.outcome === 'conflict') await this.#readOn();
        else {
          this.#names.add(stream);
          this.#revision = result.revision;
        }
      }
    });
  }

  /** Entered streams that begin with a prefix and have events. */
  async *names(prefix: string): AsyncGenerator<string> {
    await this.#turns.run(STREAM_REGISTER, () => this.#readOn());
    for (const name of [...this.#names]) {
      if (name.startsWith(prefix) && (await this.reader.lastRevision(name)) !== undefined) yield name;
    }
  }

  async #readOn(): Promise<void> {
    for await (const { revision, data } of this.reader.stream(STREAM_REGISTER, this.#revision + 1n)) {
      const { stream } = JSON.parse(data.toString('utf8')) as { stream: string };
      this.#names.add(stream);
      this.#revision = revision;
    }
  }
}

import { randomUUID } from 'node:crypto';
import { STREAM_REGISTER } from './recorded-event.ts';
import type { Appender } from './appender.ts';
import type { LogReader } from './log-reader.ts';

/** Prefixes of streams that are few, are listed at every start, and would be found by reading the whole log only. */
const REGISTERED = ['config-'];

/**
 * Names of streams of a few prefixes, kept in a stream of the adapter: EventStoreDB lists streams by a projection
 * that writes as many events again as there are. A name is entered before its stream begins, so that none is missing
 * after a crash; one whose stream never began is left out when they are listed.
 */
export class StreamRegister {
  readonly #names = new Set<string>();
  #revision = -1n;

  constructor(
    private readonly reader: LogReader,
    private readonly appender: Appender,
  ) {}

  /** True if all streams with this prefix are registered. */
  covers(prefix: string): boolean {
    return REGISTERED.some((registered) => prefix.startsWith(registered));
  }

  /** Enters a stream that is about to begin, unless it is there or needs not be. Throws `LogUnavailable`. */
  async enter(stream: string): Promise<void> {
    if (!this.covers(stream)) return;
    await this.#readOn();
    while (!this.#names.has(stream)) {
      const data = Buffer.from(JSON.stringify({ stream }));
      const event = { id: randomUUID(), type: 'StreamRegistered', metadata: Buffer.alloc(0), data };
      await this.appender.append(STREAM_REGISTER, [event], this.#revision < 0n ? 'noStream' : this.#revision);
      // Written or not: another process may have entered a stream in the meantime.
      await this.#readOn();
    }
  }

  /** Registered streams that begin with a prefix and have events. */
  async *names(prefix: string): AsyncGenerator<string> {
    await this.#readOn();
    for (const name of [...this.#names]) {
      if (name.startsWith(prefix) && (await this.reader.lastRevision(name)) !== undefined) yield name;
    }
  }

  async #readOn(): Promise<void> {
    for await (const { revision, data } of this.reader.stream(STREAM_REGISTER, this.#revision + 1n)) {
      if (revision <= this.#revision) continue;
      const { stream } = JSON.parse(data.toString('utf8')) as { stream: string };
      this.#names.add(stream);
      this.#revision = revision;
    }
  }
}

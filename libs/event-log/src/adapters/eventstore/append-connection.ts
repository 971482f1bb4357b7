import { NO_STREAM } from '@eventstore/db-client';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Position } from '#kernel';
import { LogUnavailable } from '../../errors.ts';
import { inTime } from './in-time.ts';
import { disposeClient, openClient } from './open-client.ts';
import { clientEvents } from './proposed-event.ts';
import { Slots } from './slots.ts';
import type { ExpectedRevision } from '../../event-log.port.ts';
import type { ProposedEvent } from './proposed-event.ts';

/** What the server said of an append: place of its last event. */
export interface Ack {
  readonly revision: bigint;
  readonly position: Position;
  /** Of the connection that brought it; counts up with every new one. */
  readonly connection: number;
}

/**
 * Appends in flight at most. From 16 on the client queues writes of its own, and rejects what it queued in a promise
 * that nobody holds when the connection breaks: that would end the process.
 */
const IN_FLIGHT = 15;

/** How much longer than the server's own deadline an answer is waited for, in milliseconds. */
const GRACE_MS = 250;

/**
 * The client through which this process appends, one at a time: calls of all clients of a process share a table, and
 * when one of them breaks it rejects the calls of the others. Every call goes over the shared batch stream, which is
 * why none has credentials of its own.
 */
export class AppendConnection {
  #client: EventStoreDBClient | undefined;
  #number = 0;
  #renewing: Promise<void> = Promise.resolve();
  readonly #slots = new Slots(IN_FLIGHT);

  constructor(
    private readonly url: string,
    private readonly timeoutMs: number,
  ) {}

  /** Number of the present connection. */
  get number(): number {
    return this.#number;
  }

  /** One try. Throws what the client throws, `NoAnswer` when the time is up: the outcome is then unknown. */
  async append(stream: string, events: readonly ProposedEvent[], expected: ExpectedRevision): Promise<Ack> {
    await this.#slots.take();
    try {
      await this.#renewing;
      const client = (this.#client ??= openClient(this.url));
      const connection = this.#number;
      const answer = client.appendToStream(stream, clientEvents(events), {
        expectedRevision: expected === 'noStream' ? NO_STREAM : expected,
        deadline: this.timeoutMs,
        requiresLeader: true,
      });
      const result = await inTime(answer, this.timeoutMs + GRACE_MS, 'append');
      if (result.position === undefined)
        throw new LogUnavailable('an append was answered without a position');
      return {
        revision: result.nextExpectedRevision,
        position: result.position.commit as Position,
        connection,
      };
    } finally {
      this.#slots.release();
    }
  }

  /** Ends connection `number` if it is still the present one; the next append opens another, after it has ended. */
  renew(number: number): void {
    if (number !== this.#number || this.#client === undefined) return;
    const client = this.#client;
    this.#client = undefined;
    this.#number++;
    this.#renewing = disposeClient(client);
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.renew(this.#number);
    await this.#renewing;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { KEYS } from '../temas-process.ts';
import type { TemasService } from './temas-service.ts';

const BATCH = 100;
const USERS = 500;
/** Every so many events one is an order. */
const ORDER_EVERY = 20;
const REQUEST_MS = 15_000;

/** What was acknowledged. */
export interface Sent {
  readonly events: number;
  readonly orders: number;
  /** Money of all orders. */
  readonly gross: number;
  readonly users: number;
  /** Highest position that was answered, decimal. */
  readonly position: string;
}

/**
 * Senders as SDKs are: each sends a batch, and sends it again, to another collector, until it is acknowledged. So in
 * the end everything that was ever sent is acknowledged, and what came several times was to be stored once.
 */
export class SteadySenders {
  readonly #loops: Promise<void>[] = [];
  #stopped = false;
  #next = 0;
  #acknowledged = 0;
  #position = 0n;
  /** Requests that were not acknowledged, for whatever reason. */
  failures = 0;

  /** Begins to send that many events a second, as far as they are taken. */
  constructor(
    private readonly collectors: readonly TemasService[],
    eventsPerSecond: number,
  ) {
    const lanes = Math.max(1, Math.round(eventsPerSecond / BATCH));
    for (let lane = 0; lane < lanes; lane++) this.#loops.push(this.#send(lane, lanes));
  }

  /** Events acknowledged so far. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Waits until so many more were acknowledged. */
  async more(events: number): Promise<void> {
    const until = this.#acknowledged + events;
    while (this.#acknowledged < until) await pause(50);
  }

  /** Waits until everything that was sent is acknowledged, and ends. */
  async stop(): Promise<Sent> {
    this.#stopped = true;
    await Promise.all(this.#loops);
    const orders = Math.floor(this.#next / ORDER_EVERY);
    return {
      events: this.#next,
      orders,
      gross: (orders * (orders + 1)) / 2,
      users: Math.min(USERS, this.#next),
      position: this.#position.toString(),
    };
  }

  async #send(lane: number, lanes: number): Promise<void> {
    await pause((lane * 1000) / lanes);
    while (!this.#stopped) {
      const due = performance.now() + 1000;
      const first = this.#next;
      this.#next += BATCH;
      const body = JSON.stringify({ batch: Array.from({ length: BATCH }, (_, i) => item(first + i)) });
      for (let attempt = lane; !(await this.#post(attempt, body)); attempt++) await pause(100);
      this.#acknowledged += BATCH;
      await pause(Math.max(0, due - performance.now()));
    }
  }

  async #post(attempt: number, body: string): Promise<boolean> {
    const collector = this.collectors[attempt % this.collectors.length] as TemasService;
    try {
      const response = await fetch(`${collector.url}/v1/batch`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${KEYS.write}:`).toString('base64')}` },
        body,
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      const answer = (await response.json()) as { position?: string; errors?: unknown[] };
      if (response.status !== 200 || answer.position === undefined) throw new Error(String(response.status));
      if (answer.errors !== undefined && answer.errors.length > 0) throw new Error('an item was refused');
      const position = BigInt(answer.position);
      if (position > this.#position) this.#position = position;
      return true;
    } catch {
      this.failures++;
      return false;
    }
  }
}

/** The nth item: every twentieth is an order of as many units of money as its number. */
function item(n: number): object {
  const userId = `user-${n % USERS}`;
  const common = { type: 'track', messageId: `message-${n}`, userId };
  if (n % ORDER_EVERY !== ORDER_EVERY - 1) return { ...common, event: 'Thing Seen', properties: { n } };
  const order = (n + 1) / ORDER_EVERY;
  const properties = { order_id: `order-${order}`, total: order, currency: 'EUR' };
  return { ...common, event: 'Order Completed', properties };
}

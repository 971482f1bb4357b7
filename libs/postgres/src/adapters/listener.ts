import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** What is listened to. */
export interface ListenerOptions {
  readonly url: string;
  readonly applicationName: string;
  /** Channel; `[a-z0-9_]`. */
  readonly channel: string;
  /** Told of a notification, and after every connect: whatever was said before may have been missed. */
  readonly heard: () => void;
}

const RECONNECT_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Hears notifications on a connection of its own and connects again when it is lost. Delivery is best effort: whoever
 * must not miss one looks at the tables from time to time, too.
 */
export class Listener {
  #client: pg.Client | undefined;
  #closed = false;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;

  constructor(private readonly options: ListenerOptions) {
    this.#loop = this.#run();
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop.abort();
    await this.#client?.end().catch(() => undefined);
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      await this.#listen().catch(() => undefined);
      if (!this.#closed)
        await pause(RECONNECT_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async #listen(): Promise<void> {
    const { url, applicationName, channel, heard } = this.options;
    const client = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', () => undefined);
    this.#client = client;
    try {
      await client.connect();
      client.on('notification', heard);
      await client.query(`LISTEN ${channel}`);
      if (this.#closed) return;
      heard();
      await ended;
    } finally {
      this.#client = undefined;
      await client.end().catch(() => undefined);
    }
  }
}

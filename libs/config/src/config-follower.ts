import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, RecordedEvent } from '#event-log';
import { ORIGIN } from '#kernel';
import type { Position, Workspace } from '#kernel';
import { decodeConfigEvent } from './config-event.ts';
import { CONFIG_STREAMS, configStream, emptyConfig, foldConfig, workspaceOf } from './config-state.ts';
import type { ConfigState } from './config-state.ts';
import { ConfigUnavailable } from './errors.ts';
import { withBootstrap } from './source/bootstrap.ts';
import type { BootstrapSource } from './source/bootstrap.ts';
import type { Source } from './source/source.ts';

/** Whom a write key speaks for. Whether it is still in force is for its caller to see: `isInForce`. */
export interface FoundKey {
  readonly source: Source;
  readonly keyId: string;
  /** Ms since 1970 UTC; `null`: no end. */
  readonly endsAt: number | null;
}

/** Told after each change of a workspace's configuration. Must not throw. */
export type ConfigListener = (workspace: Workspace) => void;

/** How long to wait before a log that failed or ended is subscribed to again. */
const RECONNECT_MS = 200;

/** Longest wait for an event that is known to be in the log. */
const SETTLE_MS = 10_000;

interface Waiter {
  readonly done: () => boolean;
  readonly settle: (error?: Error) => void;
}

/** The configuration of every workspace in memory, as new as the log. */
export class ConfigFollower {
  readonly #logged = new Map<Workspace, ConfigState>();
  readonly #states = new Map<Workspace, ConfigState>();
  readonly #bootstraps: BootstrapSource[] = [];
  readonly #listeners = new Set<ConfigListener>();
  readonly #waiters = new Set<Waiter>();
  readonly #closing = new AbortController();
  #keys: ReadonlyMap<string, FoundKey> | undefined;
  #position: Position = ORIGIN;
  #failure: unknown;
  #running: Promise<void> = Promise.resolve();

  private constructor(private readonly log: EventLog) {}

  /**
   * Reads the configuration up to the present head, then follows it until {@link close}. Only the configuration's own
   * streams are read: what the log holds of touchpoints costs nothing. Throws what the log throws if it cannot be
   * read, and `UnreadableConfig` for configuration of a newer version.
   */
  static async open(log: EventLog): Promise<ConfigFollower> {
    const follower = new ConfigFollower(log);
    follower.#position = await log.head();
    for await (const stream of log.streams(CONFIG_STREAMS)) await follower.catchUp(workspaceOf(stream));
    follower.#running = follower.#follow();
    return follower;
  }

  /** Configuration of a workspace, with the sources of the environment. */
  state(workspace: Workspace): ConfigState {
    let state = this.#states.get(workspace);
    if (state === undefined) {
      state = withBootstrap(this.#loggedOf(workspace), this.#bootstraps);
      this.#states.set(workspace, state);
    }
    return state;
  }

  /** Whom the key with this mark (base64) speaks for; `undefined` if nobody issued it. One look-up in a map. */
  findKey(mark: string): FoundKey | undefined {
    this.#keys ??= this.#indexKeys();
    return this.#keys.get(mark);
  }

  /** From now on there is this source of the environment. */
  registerBootstrap(source: BootstrapSource): void {
    this.#bootstraps.push(source);
    this.#changed(source.workspace);
  }

  /** Tells of every change from now on, until the returned function is called. */
  onChange(listener: ConfigListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every configuration event up to here has been folded. */
  get position(): Position {
    return this.#position;
  }

  /** Waits until a position has been seen. Throws `ConfigUnavailable` after the wait (in ms) and when closed. */
  settled(position: Position, waitMs = SETTLE_MS): Promise<void> {
    return this.#until(() => this.#position >= position, waitMs);
  }

  /** Reads what the stream of a workspace holds now. Throws what the log throws, and `UnreadableConfig`. */
  async catchUp(workspace: Workspace): Promise<void> {
    const { revision } = this.#loggedOf(workspace);
    for await (const event of this.log.readStream(configStream(workspace), revision + 1n)) this.#fold(event);
  }

  /** Stops following; what is known can still be read. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const { settle } of this.#waiters) settle(new ConfigUnavailable('configuration is closed'));
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#read();
      } catch (error) {
        this.#failure = error;
      }
      await pause(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One subscription, to its end. */
  async #read(): Promise<void> {
    const { signal } = this.#closing;
    const from = this.#position;
    for await (const delivery of this.log.subscribe({ from, prefixes: [CONFIG_STREAMS], signal })) {
      if (delivery.kind === 'event') this.#fold(delivery.event);
      this.#advance(delivery.kind === 'event' ? delivery.event.position : delivery.position);
    }
  }

  /** Folds the next event of its stream; one that was folded already changes nothing. */
  #fold(event: RecordedEvent): void {
    const workspace = workspaceOf(event.stream);
    const before = this.#loggedOf(workspace);
    if (event.revision !== before.revision + 1n) return;
    this.#logged.set(workspace, foldConfig(before, decodeConfigEvent(event)));
    this.#changed(workspace);
  }

  #loggedOf(workspace: Workspace): ConfigState {
    return this.#logged.get(workspace) ?? emptyConfig(workspace);
  }

  #changed(workspace: Workspace): void {
    this.#states.delete(workspace);
    this.#keys = undefined;
    for (const listener of this.#listeners) listener(workspace);
  }

  #advance(position: Position): void {
    if (position > this.#position) this.#position = position;
    this.#failure = undefined;
    for (const { done, settle } of this.#waiters) if (done()) settle();
  }

  #indexKeys(): ReadonlyMap<string, FoundKey> {
    const keys = new Map<string, FoundKey>();
    const workspaces = new Set([
      ...this.#logged.keys(),
      ...this.#bootstraps.map(({ workspace }) => workspace),
    ]);
    for (const workspace of workspaces) {
      for (const source of this.state(workspace).sources.values()) {
        for (const { mark, keyId, endsAt } of source.keys) keys.set(mark, { source, keyId, endsAt });
      }
    }
    return keys;
  }

  #until(done: () => boolean, waitMs: number): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        if (error === undefined) resolve();
        else reject(error);
      };
      const waiter: Waiter = { done, settle };
      const timer = setTimeout(() => {
        settle(new ConfigUnavailable('configuration is behind the log', { cause: this.#failure }));
      }, waitMs);
      if (this.#closing.signal.aborted) settle(new ConfigUnavailable('configuration is closed'));
      else this.#waiters.add(waiter);
    });
  }
}

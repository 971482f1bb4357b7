import { reach, TemasError } from '#kernel';
import { KeyStoreClosed, KeyStoreUnavailable } from '../../errors.ts';
import type { IndexRecord } from './index-rows.ts';
import type { Keyring } from './keyring.ts';
import { Lane } from '../common/lane.ts';
import type { MintLog } from './mint-log.ts';
import type { MintRow } from './mint-row.ts';
import type { HashOf, ReferenceIndex } from './reference-index.ts';

/**
 * Mint log and index, changed in the one safe order: log, fsync, index. One task at a time may change them, so a
 * bucket is never re-wrapped while a mint under its old key is on its way.
 *
 * An index that misses a durable row would hand out a second ref for the same identifier: if applying fails, the
 * store stops and the next opening replays the row.
 */
export class Ledger {
  readonly #lane = new Lane();
  #stopped: Error | undefined;

  constructor(
    private readonly id: string,
    private readonly mints: MintLog,
    readonly index: ReferenceIndex,
    readonly keyring: Keyring,
  ) {}

  /** Runs a task while nothing else changes the store. Throws `KeyStoreClosed`, `KeyStoreUnavailable`. */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    return this.#lane.run(async () => {
      this.assertOpen();
      return guarded(task);
    });
  }

  /** Makes new records durable and findable. Only inside `exclusive`. */
  async mint(placed: readonly IndexRecord[]): Promise<void> {
    const records = placed.map(({ record }) => record);
    const number = await this.mints.append({ kind: 'mint', records });
    reach('key-written');
    await this.#follow(() => this.index.applyMint(this.id, number, placed));
  }

  /** Makes rows durable, all or none, calls `durable`, and applies them. Only inside `exclusive`. */
  async write(rows: readonly MintRow[], durable: () => void | Promise<void>, hashOf: HashOf): Promise<void> {
    const numbered = await this.mints.appendAll(rows);
    await this.#follow(async () => {
      await durable();
      await this.index.apply(this.id, numbered, hashOf);
    });
  }

  /** Throws `KeyStoreClosed` once the store has stopped. */
  assertOpen(): void {
    if (this.#stopped !== undefined) throw new KeyStoreClosed({ cause: this.#stopped });
  }

  /** Waits for the task under way and those that queue. */
  async idle(): Promise<void> {
    await this.#lane.idle();
  }

  async #follow(apply: () => Promise<void>): Promise<void> {
    try {
      await apply();
    } catch (error) {
      this.#stopped = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}

/** Runs a task and turns what an engine throws into `KeyStoreUnavailable`. */
export async function guarded<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof TemasError) throw error;
    throw new KeyStoreUnavailable({ cause: error });
  }
}

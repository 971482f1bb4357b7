import { TemasError } from '#kernel';
import { type Database, patiently, PostgresUnavailable } from '#postgres';
import { KeyStoreUnavailable } from '../../errors.ts';

/** An open database with the newest tables. */
export interface KeyDatabase {
  readonly database: Database;
  readonly schema: string;
  /** Ms that an answer waits for a database that is away. */
  readonly patienceMs: number;
}

/** Name of the lock that mints hold shared; erasures and permits, exclusive. */
export const KEYS_LOCK = 'keys';

/** Channel that erasures are told on. */
export function erasureChannel(schema: string): string {
  return `temas_erasures_${schema}`;
}

/** A task that may be repeated while the database restarts. Throws `KeyStoreUnavailable` and what is this lib's own. */
export async function guarded<T>({ patienceMs }: KeyDatabase, task: () => Promise<T>): Promise<T> {
  try {
    return await patiently(patienceMs, task);
  } catch (error) {
    if (error instanceof TemasError && !(error instanceof PostgresUnavailable)) throw error;
    throw new KeyStoreUnavailable({ cause: error });
  }
}

import type { Database, Session } from '#postgres';

/** One moment of a database, held from its first use to its end in a transaction on a connection of its own. */
export class Snapshot {
  #session: Promise<Session> | undefined;
  #finish = (): void => undefined;
  #transaction: Promise<unknown> | undefined;

  constructor(private readonly database: Database) {}

  /** Reads as of that moment. Throws what `read` throws, and where no transaction can be begun. */
  async use<T>(read: (session: Session) => Promise<T>): Promise<T> {
    this.#session ??= this.#begin();
    return read(await this.#session);
  }

  /** Lets the moment go. Idempotent; never throws. */
  async end(): Promise<void> {
    this.#finish();
    await this.#transaction;
  }

  #begin(): Promise<Session> {
    return new Promise((opened, refused) => {
      this.#transaction = this.database
        .transaction(async (session) => {
          const finished = new Promise<void>((resolve) => (this.#finish = resolve));
          opened(session);
          await finished;
        }, 'ISOLATION LEVEL REPEATABLE READ READ ONLY')
        .catch(refused);
    });
  }
}

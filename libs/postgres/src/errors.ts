import { TemasError } from '#kernel';

/**
 * The server cannot be reached, ends, or did not answer in time. What a statement under way did is unknown: it may
 * have been committed before the answer was lost.
 */
export class PostgresUnavailable extends TemasError {
  override readonly name = 'PostgresUnavailable';

  constructor(message: string, options?: ErrorOptions) {
    super('POSTGRES.UNAVAILABLE', `PostgreSQL cannot answer: ${message}`, options);
  }
}

/** The tables were made by a newer version of this program. Nothing was changed. */
export class SchemaTooNew extends TemasError {
  override readonly name = 'SchemaTooNew';

  constructor(component: string, found: number, known: number) {
    super(
      'POSTGRES.SCHEMA_TOO_NEW',
      `the tables of ${component} are of version ${found}, this program knows ${known}: run the newer one`,
    );
  }
}

/** A schema's name outside `[a-z][a-z0-9_]{0,40}`. Nothing was done. */
export class BadSchemaName extends TemasError {
  override readonly name = 'BadSchemaName';

  constructor(name: string) {
    super('POSTGRES.BAD_SCHEMA_NAME', `not a schema's name: ${JSON.stringify(name)}`);
  }
}

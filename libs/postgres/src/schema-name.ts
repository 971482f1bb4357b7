import { BadSchemaName } from './errors.ts';

// Names of tables and functions stand in statements as they are: whatever passes here needs no quotes.
const NAME = /^[a-z][a-z0-9_]{0,40}$/;

/** The name itself, fit to stand in a statement without quotes. Throws `BadSchemaName`. */
export function schemaName(name: string): string {
  if (!NAME.test(name)) throw new BadSchemaName(name);
  return name;
}

/** `schema.table`, both checked. Throws `BadSchemaName`. */
export function qualified(schema: string, table: string): string {
  return `${schemaName(schema)}.${schemaName(table)}`;
}

import { IDENTITY_TABLES } from './0001-identity-tables.ts';
import type { Migration } from './migration.ts';

/** All steps of the schema, in order. */
export const MIGRATIONS: readonly Migration[] = [IDENTITY_TABLES];

import type { Migration } from '#postgres';

/** Versions of the key store's tables, oldest first. Never edited once released. */
export const MIGRATIONS: readonly Migration[] = [
  (schema: string): string => `
    CREATE TABLE ${schema}.key_identity (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      id uuid NOT NULL,
      master_check bytea NOT NULL,
      -- Number of the newest erasure; changed under the exclusive lock only.
      erasures int8 NOT NULL DEFAULT 0,
      sweep_due boolean NOT NULL DEFAULT false);

    -- The only place of bucket keys, each wrapped by the master key.
    CREATE TABLE ${schema}.key_buckets (
      bucket int4 PRIMARY KEY,
      generation int4 NOT NULL,
      wrapped bytea NOT NULL,
      changed int8 NOT NULL DEFAULT 0);

    -- hash: keyed, null for an unattributed event; box: the anchor's key under its bucket's, null until it anchors.
    CREATE TABLE ${schema}.key_refs (
      ref int8 PRIMARY KEY,
      hash bytea UNIQUE,
      generation int4,
      box bytea,
      CHECK ((generation IS NULL) = (box IS NULL)));

    CREATE TABLE ${schema}.key_suppressed (hash bytea PRIMARY KEY);

    CREATE TABLE ${schema}.key_erasures (
      number int8 PRIMARY KEY,
      refs int8[] NOT NULL,
      erased_at timestamptz NOT NULL DEFAULT now(),
      wal_up_to pg_lsn,
      wal_switched boolean,
      archiving boolean);
  `,
];

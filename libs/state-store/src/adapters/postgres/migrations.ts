import type { Migration } from '#postgres';

/** Versions of the tables of state stores and leases, oldest first. Never edited once released. */
export const MIGRATIONS: readonly Migration[] = [
  (schema: string): string => `
    CREATE TABLE ${schema}.leases (
      name text PRIMARY KEY,
      epoch int8 NOT NULL,
      holder text,
      ttl_ms int4 NOT NULL,
      renewed_at timestamptz NOT NULL,
      -- Makes the epoch part of a key: changing it waits for those who hold FOR KEY SHARE, a renewal does not.
      UNIQUE (name, epoch));

    CREATE TABLE ${schema}.state_stores (
      name text PRIMARY KEY,
      epoch uuid NOT NULL,
      writer uuid,
      written int8 NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now());

    CREATE TABLE ${schema}.state_checkpoints (
      store text NOT NULL,
      name text NOT NULL,
      position numeric(20, 0) NOT NULL,
      PRIMARY KEY (store, name));

    CREATE TABLE ${schema}.state_current (
      only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
      generation int4 NOT NULL);

    -- One commit in one statement. Answers no row when committed, else why nothing was written.
    CREATE FUNCTION ${schema}.state_commit(
      the_store text, the_writer uuid, the_number int8, the_lease text, the_epoch int8,
      put_keys bytea[], put_values bytea[], drop_keys bytea[],
      mark_names text[], mark_expected numeric[], mark_next numeric[]
    ) RETURNS TABLE (outcome text, mark text, actual numeric)
    LANGUAGE plpgsql AS $body$
    DECLARE
      held record;
      missed record;
    BEGIN
      IF the_lease IS NOT NULL THEN
        PERFORM 1 FROM ${schema}.leases l
          WHERE l.name = the_lease AND l.epoch = the_epoch FOR KEY SHARE;
        IF NOT FOUND THEN
          RETURN QUERY SELECT 'deposed', NULL::text, NULL::numeric;
          RETURN;
        END IF;
      END IF;

      SELECT s.writer, s.written INTO held
        FROM ${schema}.state_stores s WHERE s.name = the_store FOR NO KEY UPDATE;
      IF NOT FOUND THEN
        RETURN QUERY SELECT 'gone', NULL::text, NULL::numeric;
        RETURN;
      END IF;
      -- Sent again because its answer was lost, or so late that a newer one of the same writer came first.
      IF held.writer = the_writer AND held.written >= the_number THEN
        RETURN;
      END IF;

      SELECT m.name, coalesce(c.position, 0) AS position INTO missed
        FROM unnest(mark_names, mark_expected) WITH ORDINALITY AS m(name, expected, place)
        LEFT JOIN ${schema}.state_checkpoints c ON c.store = the_store AND c.name = m.name
        WHERE coalesce(c.position, 0) <> m.expected
        ORDER BY m.place LIMIT 1;
      IF FOUND THEN
        RETURN QUERY SELECT 'conflict', missed.name, missed.position;
        RETURN;
      END IF;

      IF cardinality(drop_keys) > 0 THEN
        EXECUTE format(
          'DELETE FROM ${schema}.%I t USING unnest($1) AS k(key) WHERE t.key = k.key', 'rows_' || the_store
        ) USING drop_keys;
      END IF;
      IF cardinality(put_keys) > 0 THEN
        EXECUTE format(
          'INSERT INTO ${schema}.%I AS t (key, value) SELECT k, v FROM unnest($1, $2) AS p(k, v) ORDER BY k
           ON CONFLICT (key) DO UPDATE SET value = excluded.value', 'rows_' || the_store
        ) USING put_keys, put_values;
      END IF;
      INSERT INTO ${schema}.state_checkpoints (store, name, position)
        SELECT the_store, m.name, m.next FROM unnest(mark_names, mark_next) AS m(name, next)
        ON CONFLICT (store, name) DO UPDATE SET position = excluded.position;
      UPDATE ${schema}.state_stores SET writer = the_writer, written = the_number WHERE name = the_store;
    END
    $body$;
  `,
];

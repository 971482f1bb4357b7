import type { Ref } from '#kernel';
import { encodeByteaArray, type Session } from '#postgres';
import type { KeyBox } from './bucket-keys.ts';

/** What the tables hold under a hash. */
export type HashState = 'suppressed' | { readonly ref: Ref; readonly box: KeyBox | null };

/** A row to be minted. */
export interface FreshRow {
  readonly ref: Ref;
  /** `null`: the ref of an unattributed event. */
  readonly hash: Buffer | null;
  readonly box: KeyBox | null;
}

/** States of hashes, by their hexadecimal form; those that are nowhere are left out. */
export async function statesOf(
  session: Session,
  schema: string,
  hashes: readonly Buffer[],
): Promise<Map<string, HashState>> {
  const states = new Map<string, HashState>();
  if (hashes.length === 0) return states;
  const found = await session.query<[Buffer, string | null, number | null, Buffer | null]>(
    `SELECT r.hash, r.ref::text, r.generation, r.box FROM ${schema}.key_refs r WHERE r.hash = ANY($1::bytea[])
     UNION ALL SELECT s.hash, NULL, NULL, NULL FROM ${schema}.key_suppressed s WHERE s.hash = ANY($1::bytea[])`,
    [encodeByteaArray(hashes)],
  );
  for (const [hash, ref, generation, box] of found) {
    states.set(
      hash.toString('hex'),
      ref === null ? 'suppressed' : { ref: ref as Ref, box: boxOf(generation, box) },
    );
  }
  return states;
}

/** Keys of refs as their rows hold them; refs without a row, or without a key, are left out. */
export async function boxesOf(
  session: Session,
  schema: string,
  refs: readonly Ref[],
): Promise<Map<Ref, KeyBox>> {
  const found = await session.query<[string, number, Buffer]>(
    `SELECT ref::text, generation, box FROM ${schema}.key_refs WHERE ref = ANY($1::int8[]) AND box IS NOT NULL`,
    [refs],
  );
  return new Map(found.map(([ref, generation, box]) => [ref as Ref, { generation, box }]));
}

/**
 * Mints rows and answers the refs of those that are there now; others were minted meanwhile by somebody else. Rows go
 * in the order of their hashes, so that two who mint the same ones wait for each other and do not deadlock.
 */
export async function insertRows(
  session: Session,
  schema: string,
  rows: readonly FreshRow[],
): Promise<Set<Ref>> {
  if (rows.length === 0) return new Set();
  const inserted = await session.query<[string]>(
    `INSERT INTO ${schema}.key_refs (ref, hash, generation, box)
       SELECT n.ref, n.hash, n.generation, n.box
         FROM unnest($1::int8[], $2::bytea[], $3::int4[], $4::bytea[]) AS n(ref, hash, generation, box)
         ORDER BY n.hash
       ON CONFLICT DO NOTHING RETURNING ref::text`,
    [
      rows.map(({ ref }) => ref),
      encodeByteaArray(rows.map(({ hash }) => hash)),
      rows.map(({ box }) => box?.generation ?? null),
      encodeByteaArray(rows.map(({ box }) => box?.box ?? null)),
    ],
  );
  return new Set(inserted.map(([ref]) => ref as Ref));
}

/** Gives rows their first key and answers the refs of those that had none until now. */
export async function addKeys(
  session: Session,
  schema: string,
  keys: readonly { readonly ref: Ref; readonly box: KeyBox }[],
): Promise<Set<Ref>> {
  if (keys.length === 0) return new Set();
  const changed = await session.query<[string]>(
    `WITH n AS (
       SELECT k.ref, g.generation, g.box
         FROM unnest($1::int8[], $2::int4[], $3::bytea[]) AS g(ref, generation, box)
         JOIN ${schema}.key_refs k ON k.ref = g.ref
         ORDER BY k.ref FOR UPDATE OF k)
     UPDATE ${schema}.key_refs r SET generation = n.generation, box = n.box
       FROM n WHERE r.ref = n.ref AND r.box IS NULL RETURNING r.ref::text`,
    [
      keys.map(({ ref }) => ref),
      keys.map(({ box }) => box.generation),
      encodeByteaArray(keys.map(({ box }) => box.box)),
    ],
  );
  return new Set(changed.map(([ref]) => ref as Ref));
}

function boxOf(generation: number | null, box: Buffer | null): KeyBox | null {
  return generation === null || box === null ? null : { generation, box };
}

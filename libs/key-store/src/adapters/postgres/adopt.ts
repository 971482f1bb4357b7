import { encodeByteaArray, lockUntilCommit } from '#postgres';
import { ForeignKeys } from '../../errors.ts';
import type { HeldKeys, HeldRef } from '../../held-keys.ts';
import type { BucketKeys } from './bucket-keys.ts';
import { type KeyDatabase, KEYS_LOCK } from './key-database.ts';
import { addKeys, insertRows, statesOf } from './key-rows.ts';

const AT_A_TIME = 1_000;

/**
 * Takes over what another key store under the same master key holds. Repeatable: what is here already stays. Throws
 * `ForeignKeys` where an identifier already has another ref here.
 */
export async function adoptKeys(
  tables: KeyDatabase,
  buckets: BucketKeys,
  { refs, suppressed }: HeldKeys,
  progress: (done: number) => void,
): Promise<void> {
  for (let i = 0; i < refs.length; i += AT_A_TIME) {
    await adoptSome(tables, buckets, refs.slice(i, i + AT_A_TIME));
    progress(Math.min(refs.length, i + AT_A_TIME));
  }
  await tables.database.query(
    `INSERT INTO ${tables.schema}.key_suppressed (hash) SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING`,
    [encodeByteaArray(suppressed)],
  );
}

async function adoptSome(
  { database, schema }: KeyDatabase,
  buckets: BucketKeys,
  refs: readonly HeldRef[],
): Promise<void> {
  await database.transaction(async (session) => {
    await lockUntilCommit(session, schema, KEYS_LOCK, 'shared');
    await buckets.refresh(session);
    const rows = refs.map(({ ref, hash, key }) => ({
      ref,
      hash,
      box: key === null ? null : buckets.seal(ref, key),
    }));
    const inserted = await insertRows(session, schema, rows);
    const known = rows.filter(({ ref }) => !inserted.has(ref));
    await addKeys(
      session,
      schema,
      known.flatMap(({ ref, box }) => (box === null ? [] : [{ ref, box }])),
    );
    const states = await statesOf(
      session,
      schema,
      known.flatMap(({ hash }) => (hash === null ? [] : [hash])),
    );
    for (const { ref, hash } of known) {
      const state = hash === null ? undefined : states.get(hash.toString('hex'));
      if (state !== undefined && (state === 'suppressed' || state.ref !== ref)) throw new ForeignKeys();
    }
  });
}

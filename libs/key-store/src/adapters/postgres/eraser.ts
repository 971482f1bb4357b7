import type { Ref } from '#kernel';
import { encodeByteaArray, lockUntilCommit, type Session } from '#postgres';
import type { DerivedSecrets } from '../../derived-secrets.ts';
import { KeyStoreCorrupt } from '../../errors.ts';
import type { EraseReport, EraseRequest } from '../../key-store.port.ts';
import { type BucketKey, drawBucketKey, wrapKey } from '../common/bucket-wrap.ts';
import { bucketOf, formatRef, parseRef, refRange } from '../common/ref-bytes.ts';
import type { BucketKeys, KeyBox } from './bucket-keys.ts';
import { erasureChannel, type KeyDatabase, KEYS_LOCK } from './key-database.ts';

/** What an erasure works with. */
export interface EraserParts extends KeyDatabase {
  readonly secrets: DerivedSecrets;
  readonly buckets: BucketKeys;
}

// Mints wait while buckets are re-wrapped: at five million refs a bucket holds about 1,200, some 10 ms of work.
const BUCKETS_AT_ONCE = 4;

const NOTHING: EraseReport = { keys: 0, identifiers: 0, buckets: 0 };

interface DeadRow {
  readonly ref: Ref;
  readonly hash: Buffer | null;
  readonly hasKey: boolean;
}

/** Refs of a request in groups of a few buckets, one transaction each. */
export function groupsOf(refs: readonly Ref[]): Ref[][] {
  const byBucket = new Map<number, Ref[]>();
  for (const ref of new Set(refs)) {
    const bytes = parseRef(ref);
    if (bytes === undefined) continue;
    const bucket = bucketOf(bytes);
    byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), ref]);
  }
  const lists = [...byBucket.values()];
  const groups: Ref[][] = [];
  for (let at = 0; at < lists.length; at += BUCKETS_AT_ONCE) {
    groups.push(lists.slice(at, at + BUCKETS_AT_ONCE).flat());
  }
  return groups;
}

/**
 * Destroys the rows of refs and re-wraps what is left of their buckets under new keys, in one transaction that no mint
 * runs beside. The old bucket keys are gone from the tables then; `sweep` removes them from the files.
 */
export function eraseGroup(
  group: readonly Ref[],
  suppress: EraseRequest['suppress'],
  parts: EraserParts,
): Promise<EraseReport> {
  const { database, schema } = parts;
  return database.transaction(async (session) => {
    await lockUntilCommit(session, schema, KEYS_LOCK);
    const dead = await findDead(session, schema, group);
    if (dead.length === 0) return NOTHING;
    const [identity] = await session.query<[bigint]>(
      `UPDATE ${schema}.key_identity SET erasures = erasures + 1, sweep_due = true RETURNING erasures`,
    );
    if (identity === undefined) throw new KeyStoreCorrupt('the key store was never founded');
    const [number] = identity;
    await parts.buckets.refresh(session);
    const buckets = new Set(
      dead.flatMap(({ ref, hasKey }) => (hasKey ? [bucketOf(parseRef(ref) as Buffer)] : [])),
    );
    const refs = dead.map(({ ref }) => ref);
    for (const bucket of buckets) await rewrap(session, bucket, refs, number, parts);
    await session.query(`DELETE FROM ${schema}.key_refs WHERE ref = ANY($1::int8[])`, [refs]);
    const hashes = dead.flatMap(({ ref, hash }) => (hash !== null && suppress.includes(ref) ? [hash] : []));
    await session.query(
      `INSERT INTO ${schema}.key_suppressed SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING`,
      [encodeByteaArray(hashes)],
    );
    await session.query(`INSERT INTO ${schema}.key_erasures (number, refs) VALUES ($1::int8, $2::int8[])`, [
      String(number),
      refs,
    ]);
    await session.query('SELECT pg_notify($1, $2)', [erasureChannel(schema), String(number)]);
    return {
      keys: dead.filter(({ hasKey }) => hasKey).length,
      identifiers: dead.filter(({ hash }) => hash !== null).length,
      buckets: buckets.size,
    };
  });
}

async function findDead(session: Session, schema: string, group: readonly Ref[]): Promise<DeadRow[]> {
  const found = await session.query<[string, Buffer | null, boolean]>(
    `SELECT ref::text, hash, box IS NOT NULL FROM ${schema}.key_refs WHERE ref = ANY($1::int8[])`,
    [group],
  );
  return found.map(([ref, hash, hasKey]) => ({ ref: ref as Ref, hash, hasKey }));
}

async function rewrap(
  session: Session,
  bucket: number,
  dead: readonly Ref[],
  number: bigint,
  { schema, buckets, secrets }: EraserParts,
): Promise<void> {
  const { first, last } = refRange(bucket);
  const survivors = await session.query<[string, number, Buffer]>(
    `SELECT ref::text, generation, box FROM ${schema}.key_refs
       WHERE ref BETWEEN $1::int8 AND $2::int8 AND box IS NOT NULL AND ref <> ALL($3::int8[])`,
    [formatRef(first), formatRef(last), dead],
  );
  const next: BucketKey = { generation: buckets.current(bucket).generation + 1, key: drawBucketKey() };
  const boxes = survivors.map(([ref, generation, box]): KeyBox => {
    const key = buckets.open(ref as Ref, { generation, box });
    if (key === undefined) throw new KeyStoreCorrupt(`a record of bucket ${bucket} is not readable`);
    return buckets.seal(ref as Ref, key, next);
  });
  await session.query(
    `UPDATE ${schema}.key_refs r SET generation = $1::int4, box = n.box
       FROM unnest($2::int8[], $3::bytea[]) AS n(ref, box) WHERE r.ref = n.ref`,
    [next.generation, survivors.map(([ref]) => ref), encodeByteaArray(boxes.map(({ box }) => box))],
  );
  // The transaction may yet fail: the new key enters memory when it is read back.
  await session.query(
    `UPDATE ${schema}.key_buckets SET generation = $2::int4, wrapped = $3::bytea, changed = $4::int8
       WHERE bucket = $1::int4`,
    [bucket, next.generation, wrapKey(bucket, next.generation, next.key, secrets.bucketWrap), String(number)],
  );
}

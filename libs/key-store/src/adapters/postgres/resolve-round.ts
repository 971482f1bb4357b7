import { reach } from '#kernel';
import type { Ref } from '#kernel';
import { encodeByteaArray, lockUntilCommit, type Session } from '#postgres';
import { type DerivedSecrets, KEY_BYTES } from '../../derived-secrets.ts';
import { KeyStoreCorrupt, KeyStoreUnavailable } from '../../errors.ts';
import type { Resolution, ResolveRequest } from '../../key-store.port.ts';
import { randomBytes } from '../../random-bytes.ts';
import { type IdentifierCache, type Known, nameOf } from '../common/identifier-cache.ts';
import { drawRef, formatRef } from '../common/ref-bytes.ts';
import type { BucketKeys } from './bucket-keys.ts';
import { type KeyDatabase, KEYS_LOCK } from './key-database.ts';
import { addKeys, type HashState, insertRows, statesOf } from './key-rows.ts';

/** What a round works with. */
export interface RoundParts extends KeyDatabase {
  readonly secrets: DerivedSecrets;
  readonly cache: IdentifierCache;
  readonly buckets: BucketKeys;
}

/** An identifier of the round, once, however many requests name it. */
interface Subject {
  readonly name: string;
  readonly hash: Buffer;
  known: Known | undefined;
  suppressed: boolean;
}

/** What is still missing: a ref, a key, or both. */
interface Draft {
  readonly ref: Ref;
  readonly hash: Buffer | null;
  /** The ref has a row, which lacks the key only. */
  readonly placed: boolean;
  readonly key: Buffer | null;
  readonly done: (known: Known | undefined) => void;
}

// Two who mint the same identifiers need two passes each; more come only from erasures at the same moment.
const PASSES = 8;

/**
 * Answers requests with get-or-create. What the tables hold already takes one look-up; what is new is minted in one
 * transaction with the check of the suppression list, under a lock that erasures exclude. Where another process was
 * first, the next pass finds what it has minted.
 */
export async function resolveRound(
  requests: readonly ResolveRequest[],
  parts: RoundParts,
): Promise<readonly Resolution[]> {
  const subjects = new Map<string, Subject>();
  const named = requests.map(({ workspace, identifiers }) =>
    identifiers.map((identifier) => {
      const name = nameOf(workspace, identifier);
      let subject = subjects.get(name);
      if (subject === undefined) {
        const hash = parts.secrets.identifierHash(workspace, identifier.namespace, identifier.value);
        subject = { name, hash, known: parts.cache.get(name), suppressed: false };
        subjects.set(name, subject);
      }
      return subject;
    }),
  );
  const ownKeys = new Map<number, Known>();
  for (let pass = 0; pass < PASSES; pass++) {
    await findKnown(subjects.values(), parts);
    const drafts = draftsOf(requests, named, ownKeys);
    if (drafts.length === 0) return answers(requests, named, ownKeys, subjects, parts.cache);
    await mint(drafts, parts);
  }
  throw new KeyStoreUnavailable({ cause: new Error('others change the same identifiers all the time') });
}

async function findKnown(subjects: Iterable<Subject>, parts: RoundParts): Promise<void> {
  let unknown = [...subjects].filter(({ known, suppressed }) => known === undefined && !suppressed);
  for (let pass = 0; unknown.length > 0; pass++) {
    const states = await statesOf(
      parts.database,
      parts.schema,
      unknown.map(({ hash }) => hash),
    );
    unknown = unknown.filter((subject) => !place(subject, states, parts.buckets));
    if (unknown.length > 0 && pass === PASSES)
      throw new KeyStoreCorrupt('a key does not open under its bucket key');
    if (unknown.length > 0) await parts.buckets.refresh(parts.database);
  }
}

/** False where a key lies under a bucket key that is not in memory. */
function place(subject: Subject, states: ReadonlyMap<string, HashState>, buckets: BucketKeys): boolean {
  const state = states.get(subject.hash.toString('hex'));
  if (state === 'suppressed') subject.suppressed = true;
  else if (state !== undefined) {
    const key = state.box === null ? null : buckets.open(state.ref, state.box);
    if (key === undefined) return false;
    subject.known = { ref: state.ref, key };
  }
  return true;
}

function draftsOf(
  requests: readonly ResolveRequest[],
  named: readonly (readonly Subject[])[],
  ownKeys: Map<number, Known>,
): Draft[] {
  const wanted = new Map<Subject, boolean>();
  const drafts: Draft[] = [];
  requests.forEach(({ anchor }, i) => {
    const mine = named[i] ?? [];
    // A refused touchpoint mints nothing for the identifiers beside its anchor.
    if (mine[anchor]?.suppressed) return;
    mine.forEach((subject, n) => {
      if (!subject.suppressed) wanted.set(subject, n === anchor || wanted.get(subject) === true);
    });
    if (anchor !== -1 || ownKeys.has(i)) return;
    const done = (minted: Known | undefined): void => void (minted && ownKeys.set(i, minted));
    drafts.push({ ref: freshRef(), hash: null, placed: false, key: randomBytes(KEY_BYTES), done });
  });
  for (const [subject, anchors] of wanted) {
    const { known, hash } = subject;
    const key = anchors && !known?.key ? randomBytes(KEY_BYTES) : null;
    if (known !== undefined && key === null) continue;
    const done = (minted: Known | undefined): void => void (subject.known = minted);
    drafts.push({ ref: known?.ref ?? freshRef(), hash, placed: known !== undefined, key, done });
  }
  return drafts;
}

/** Drafts that somebody else was first with are told `undefined`, and looked up anew. */
async function mint(drafts: readonly Draft[], parts: RoundParts): Promise<void> {
  const { database, schema, buckets } = parts;
  const minted = await database.transaction(async (session) => {
    await lockUntilCommit(session, schema, KEYS_LOCK, 'shared');
    const suppressed = await suppressedOf(session, drafts, parts);
    const allowed = drafts.filter(({ hash }) => hash === null || !suppressed.has(hash.toString('hex')));
    const sealed = allowed.map(({ ref, hash, placed, key }) => ({
      ref,
      hash,
      placed,
      box: key === null ? null : buckets.seal(ref, key),
    }));
    const inserted = await insertRows(
      session,
      schema,
      sealed.filter(({ placed }) => !placed),
    );
    const keyed = sealed.flatMap(({ ref, placed, box }) => (placed && box !== null ? [{ ref, box }] : []));
    return new Set([...inserted, ...(await addKeys(session, schema, keyed))]);
  });
  reach('key-written');
  for (const { ref, key, done } of drafts) done(minted.has(ref) ? { ref, key } : undefined);
}

/** Also brings the bucket keys up to date: under the lock nothing replaces them any more. */
async function suppressedOf(
  session: Session,
  drafts: readonly Draft[],
  { schema, buckets }: RoundParts,
): Promise<Set<string>> {
  const hashes = drafts.flatMap(({ hash }) => (hash === null ? [] : [hash]));
  const [found] = await session.query<[bigint, string[]]>(
    `SELECT (SELECT erasures FROM ${schema}.key_identity),
       ARRAY(SELECT encode(hash, 'hex') FROM ${schema}.key_suppressed WHERE hash = ANY($1::bytea[]))`,
    [encodeByteaArray(hashes)],
  );
  if (found === undefined) throw new KeyStoreCorrupt('the key store was never founded');
  const [erasures, suppressed] = found;
  if (erasures !== buckets.seen) await buckets.refresh(session);
  return new Set(suppressed);
}

function answers(
  requests: readonly ResolveRequest[],
  named: readonly (readonly Subject[])[],
  ownKeys: ReadonlyMap<number, Known>,
  subjects: ReadonlyMap<string, Subject>,
  cache: IdentifierCache,
): Resolution[] {
  for (const { name, known } of subjects.values()) if (known !== undefined) cache.keep(name, known);
  return requests.map(({ anchor }, i): Resolution => {
    const mine = named[i] ?? [];
    if (mine[anchor]?.suppressed) return { outcome: 'suppressed' };
    const anchored = anchor === -1 ? ownKeys.get(i) : mine[anchor]?.known;
    if (!anchored?.key) throw new KeyStoreCorrupt('an anchor came out of its round without a key');
    const refs = mine.map(({ known, suppressed }) => (suppressed || !known ? null : known.ref));
    return { outcome: 'resolved', refs, anchorRef: anchored.ref, key: anchored.key };
  });
}

function freshRef(): Ref {
  return formatRef(drawRef());
}

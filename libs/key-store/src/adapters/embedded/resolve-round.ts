import { type DerivedSecrets, KEY_BYTES } from '../../derived-secrets.ts';
import { KeyStoreCorrupt } from '../../errors.ts';
import { randomBytes } from '../../random-bytes.ts';
import type { IdentifierValue, Resolution, ResolveRequest } from '../../key-store.port.ts';
import { type IdentifierCache, type Known, nameOf } from '../common/identifier-cache.ts';
import type { IndexRecord } from './index-rows.ts';
import type { Ledger } from './ledger.ts';
import { drawRef, formatRef, parseRef } from '../common/ref-bytes.ts';

/** An identifier of the round, once, however many requests name it. */
interface Subject {
  readonly name: string;
  readonly hash: Buffer;
  known: Known | undefined;
  suppressed: boolean;
}

/** A ref about to be minted, or an existing one about to get its key. */
interface Draft {
  ref: Buffer;
  readonly fresh: boolean;
  readonly hash: Buffer | null;
  readonly key: Buffer | null;
  readonly done: (known: Known) => void;
}

/**
 * Answers requests with get-or-create: all look-ups, then at most one row in the log, durable before the answer.
 * Runs alone (`Ledger.exclusive`), which makes the look-up and the mint one transaction.
 */
export async function resolveRound(
  requests: readonly ResolveRequest[],
  ledger: Ledger,
  secrets: DerivedSecrets,
  cache: IdentifierCache,
): Promise<readonly Resolution[]> {
  const subjects = new Map<string, Subject>();
  const named = requests.map(({ workspace, identifiers }) =>
    identifiers.map((identifier) => subjectOf(workspace, identifier, subjects, secrets, cache)),
  );
  await findRefs(subjects, ledger);

  const admitted = requests.map(({ anchor }, i) => named[i]?.[anchor]?.suppressed !== true);
  const anchors = new Set<Subject>();
  const wanted = new Set<Subject>();
  requests.forEach(({ anchor }, i) => {
    // A refused touchpoint mints nothing for the identifiers beside its anchor.
    if (!admitted[i]) return;
    const mine = named[i] ?? [];
    for (const subject of mine) if (!subject.suppressed) wanted.add(subject);
    const anchored = mine[anchor];
    if (anchored !== undefined) anchors.add(anchored);
  });
  await findKeys(anchors, ledger);

  const drafts: Draft[] = [];
  for (const subject of wanted) {
    const { known, hash } = subject;
    const needsKey = anchors.has(subject) && !known?.key;
    if (known !== undefined && !needsKey) continue;
    const ref = known === undefined ? drawRef() : refBytes(known);
    const done = (minted: Known): void => void (subject.known = minted);
    drafts.push({
      ref,
      fresh: known === undefined,
      hash,
      key: needsKey ? randomBytes(KEY_BYTES) : null,
      done,
    });
  }
  const ownKeys = new Map<number, Known>();
  requests.forEach(({ anchor }, i) => {
    if (anchor !== -1) return;
    const done = (minted: Known): void => void ownKeys.set(i, minted);
    drafts.push({ ref: drawRef(), fresh: true, hash: null, key: randomBytes(KEY_BYTES), done });
  });
  await mint(drafts, ledger);

  for (const subject of wanted) if (subject.known) cache.keep(subject.name, subject.known);
  return requests.map(({ anchor }, i): Resolution => {
    if (!admitted[i]) return { outcome: 'suppressed' };
    const mine = named[i] ?? [];
    const anchored = anchor === -1 ? ownKeys.get(i) : mine[anchor]?.known;
    if (!anchored?.key) throw new KeyStoreCorrupt('an anchor came out of its round without a key');
    const refs = mine.map(({ known, suppressed }) => (suppressed || !known ? null : known.ref));
    return { outcome: 'resolved', refs, anchorRef: anchored.ref, key: anchored.key };
  });
}

function subjectOf(
  workspace: string,
  identifier: IdentifierValue,
  subjects: Map<string, Subject>,
  secrets: DerivedSecrets,
  cache: IdentifierCache,
): Subject {
  const name = nameOf(workspace, identifier);
  let subject = subjects.get(name);
  if (subject === undefined) {
    const hash = secrets.identifierHash(workspace, identifier.namespace, identifier.value);
    subject = { name, hash, known: cache.get(name), suppressed: false };
    subjects.set(name, subject);
  }
  return subject;
}

async function findRefs(subjects: ReadonlyMap<string, Subject>, { index }: Ledger): Promise<void> {
  const unknown = [...subjects.values()].filter(({ known }) => known === undefined);
  const states = await index.lookUp(unknown.map(({ hash }) => hash));
  unknown.forEach((subject, i) => {
    const state = states[i];
    if (state === 'suppressed') subject.suppressed = true;
    else if (state !== undefined) subject.known = { ref: formatRef(state.ref), key: undefined };
  });
}

async function findKeys(anchors: Iterable<Subject>, { index, keyring }: Ledger): Promise<void> {
  const unread: Known[] = [];
  for (const { known } of anchors) if (known !== undefined && known.key === undefined) unread.push(known);
  const records = await index.records(unread.map(refBytes));
  unread.forEach((known, i) => {
    const found = records[i];
    const secret = found && keyring.open(found.record);
    if (secret === undefined) throw new KeyStoreCorrupt(`ref ${known.ref} has no readable record`);
    known.key = secret.key;
  });
}

async function mint(drafts: readonly Draft[], ledger: Ledger): Promise<void> {
  if (drafts.length === 0) return;
  await avoidTakenRefs(
    drafts.filter(({ fresh }) => fresh),
    ledger,
  );
  const placed = drafts.map(({ ref, hash, key }): IndexRecord => ({
    record: ledger.keyring.seal(ref, { hash, key }),
    hash,
  }));
  await ledger.mint(placed);
  for (const { ref, key, done } of drafts) done({ ref: formatRef(ref), key });
}

/** Draws again where a random ref is taken: 1 in 10^12 at five million refs, but two persons would become one. */
async function avoidTakenRefs(drafts: readonly Draft[], { index }: Ledger): Promise<void> {
  const drawn = new Set<string>();
  let suspects = drafts;
  while (suspects.length > 0) {
    const held = await index.records(suspects.map(({ ref }) => ref));
    suspects = suspects.filter((draft, i) => {
      const text = draft.ref.toString('latin1');
      const taken = held[i] !== undefined || drawn.has(text);
      if (taken) draft.ref = drawRef();
      else drawn.add(text);
      return taken;
    });
  }
}

function refBytes({ ref }: Known): Buffer {
  const bytes = parseRef(ref);
  if (bytes === undefined) throw new KeyStoreCorrupt(`${ref} is not a ref`);
  return bytes;
}

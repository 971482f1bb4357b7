import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultPoint, Ref } from '#kernel';
import { people, refs, type Resolved, SHOP, touchAll } from '../../contract-fixtures.ts';
import { DerivedSecrets } from '../../derived-secrets.ts';
import { keyStoreContract } from '../../key-store.contract.ts';
import type { IdentifierValue } from '../../key-store.port.ts';
import { BucketFile } from './bucket-file.ts';
import type { ErasureStep } from './eraser.ts';
import { MintLog } from './mint-log.ts';
import { openEmbeddedKeyStore, openWatched } from './open-embedded-key-store.ts';
import { BUCKETS, bucketOf, formatRef, parseRef } from '../common/ref-bytes.ts';
import { openRecord, type SealedRecord } from '../common/sealed-record.ts';

const MASTER_KEY = Buffer.alloc(32, 9);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'temas-key-store-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const folder = (): Promise<string> => mkdtemp(join(root, 'store-'));

// The tiny cache makes the index answer; the usual one answers from memory.
for (const cacheSize of [1, 1_000]) {
  keyStoreContract(`the embedded store with ${cacheSize} cached`, async (masterKey) => {
    const path = await folder();
    let store = await openEmbeddedKeyStore({ path, masterKey, cacheSize });
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openEmbeddedKeyStore({ path, masterKey, cacheSize });
        return store;
      },
      destroy: async () => {
        await store.close();
        await rm(path, { recursive: true });
      },
    };
  });
}

const PEOPLE = people(1_500);

const bucketOfRef = (ref: Ref): number => bucketOf(parseRef(ref) as Buffer);

/** Of the resolutions, a few that share buckets with others. */
function crowded(all: readonly Resolved[]): Resolved[] {
  const counts = new Map<number, number>();
  for (const { anchorRef } of all) {
    counts.set(bucketOfRef(anchorRef), (counts.get(bucketOfRef(anchorRef)) ?? 0) + 1);
  }
  return all.filter(({ anchorRef }) => (counts.get(bucketOfRef(anchorRef)) ?? 0) > 1).slice(0, 6);
}

function highest(all: readonly Resolved[]): Resolved {
  return all.reduce((a, b) => (BigInt(a.anchorRef) > BigInt(b.anchorRef) ? a : b));
}

async function bytesOf(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) chunks.push(await readFile(join(entry.parentPath, entry.name)));
  }
  return Buffer.concat(chunks);
}

describe('the folder', () => {
  it('is refused under another master key, and unharmed by the attempt', async () => {
    const path = await folder();
    const store = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    const [ali] = await touchAll(store, PEOPLE.slice(0, 1));
    await store.close();
    await expect(openEmbeddedKeyStore({ path, masterKey: Buffer.alloc(32, 8) })).rejects.toMatchObject({
      code: 'KEY_STORE.WRONG_MASTER_KEY',
    });
    const again = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    expect(await touchAll(again, PEOPLE.slice(0, 1))).toEqual([ali]);
    await again.close();
  });

  it('is refused while another store holds it, and to a short master key', async () => {
    const path = await folder();
    const store = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    await expect(openEmbeddedKeyStore({ path, masterKey: MASTER_KEY })).rejects.toMatchObject({
      code: 'KEY_STORE.IN_USE',
    });
    await store.close();
    await expect(openEmbeddedKeyStore({ path, masterKey: Buffer.alloc(16) })).rejects.toMatchObject({
      code: 'KEY_STORE.INVALID_MASTER_KEY',
    });
  });

  it('is refused without its bucket keys', async () => {
    const path = await folder();
    await (await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY })).close();
    await rm(join(path, 'buckets'));
    await expect(openEmbeddedKeyStore({ path, masterKey: MASTER_KEY })).rejects.toMatchObject({
      code: 'KEY_STORE.CORRUPT',
    });
  });

  it('holds no identifier in plain text', async () => {
    const path = await folder();
    const store = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    await touchAll(store, PEOPLE);
    await store.close();
    const bytes = await bytesOf(path);
    expect(bytes.includes('person-1')).toBe(false);
    expect(bytes.includes('example.com')).toBe(false);
  });

  it('serves the same after its index was deleted or replaced by another store’s', async () => {
    const [path, elsewhere] = await Promise.all([folder(), folder()]);
    let store = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    const all = await touchAll(store, PEOPLE);
    const dead = crowded(all);
    await store.erase({ workspace: SHOP, refs: refs(dead), suppress: refs(dead.slice(0, 3)) });
    await store.permit(SHOP, identifierOf(all, dead[0]));
    const [reborn] = await touchAll(store, [identifierOf(all, dead[0])]);
    const living = all.filter((resolution) => !dead.includes(resolution));
    await store.close();
    const other = await openEmbeddedKeyStore({ path: elsewhere, masterKey: MASTER_KEY });
    await touchAll(other, PEOPLE);
    await other.close();

    const damages = [
      (): Promise<void> => rm(join(path, 'index'), { recursive: true }),
      async (): Promise<void> => {
        await rm(join(path, 'index'), { recursive: true });
        await cp(join(elsewhere, 'index'), join(path, 'index'), { recursive: true });
      },
    ];
    for (const damage of damages) {
      await damage();
      store = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
      expect(await store.keysOf(refs(all))).toEqual(all.map((r) => (living.includes(r) ? r.key : null)));
      expect(await touchAll(store, [identifierOf(all, dead[0])])).toEqual([reborn]);
      expect(await store.find(SHOP, identifierOf(all, dead[1]))).toBe('suppressed');
      expect(await store.find(SHOP, identifierOf(all, dead[4]))).toBeUndefined();
      expect(await store.find(SHOP, identifierOf(all, living[0]))).toBe(living[0]?.anchorRef);
      await store.close();
    }
  });

  it('keeps what was answered and what was durable when the process died right after the commit', async () => {
    const path = await folder();
    const hook = Symbol.for('temas.fault-hook');
    const store = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    const [ali] = await touchAll(store, PEOPLE.slice(0, 1));
    const points: FaultPoint[] = [];
    Reflect.set(globalThis, hook, (point: FaultPoint) => {
      points.push(point);
      throw new Error('cut');
    });
    try {
      await expect(touchAll(store, PEOPLE.slice(1, 2))).rejects.toThrow();
    } finally {
      Reflect.deleteProperty(globalThis, hook);
    }
    expect(points).toEqual(['key-written']);
    await store.close();
    const again = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    expect(await again.find(SHOP, PEOPLE[1] as IdentifierValue)).toMatch(/^\d+$/);
    expect(await touchAll(again, PEOPLE.slice(0, 1))).toEqual([ali]);
    await again.close();
  });
});

describe('an erasure', () => {
  const BEFORE_THE_COMMIT: ErasureStep[] = ['keys-staged'];
  const AFTER_THE_COMMIT: ErasureStep[] = ['rewrapped', 'indexed', 'purged', 'wiped'];

  it('cut at any step is as if never begun, or is finished at the next start', async () => {
    const path = await folder();
    const copies = new Map<ErasureStep, string>();
    // A copy taken while the step waits is what a killed process would leave behind.
    const store = await openWatched({ path, masterKey: MASTER_KEY }, async (step) => {
      if (copies.has(step)) return;
      copies.set(step, await folder());
      await cp(path, copies.get(step) as string, { recursive: true });
    });
    const all = await touchAll(store, PEOPLE);
    // One bucket, so that one transaction is the whole erasure.
    const [first] = crowded(all) as [Resolved];
    const bucket = bucketOfRef(first.anchorRef);
    const siblings = all.filter(({ anchorRef }) => bucketOfRef(anchorRef) === bucket);
    await store.erase({ workspace: SHOP, refs: [first.anchorRef], suppress: [first.anchorRef] });
    await store.close();
    expect([...copies.keys()]).toEqual([...BEFORE_THE_COMMIT, ...AFTER_THE_COMMIT]);

    for (const [step, copy] of copies) {
      // Twice: what the first start repaired, the second finds in order.
      for (let start = 0; start < 2; start++) {
        const after = await openEmbeddedKeyStore({ path: copy, masterKey: MASTER_KEY });
        const erased = AFTER_THE_COMMIT.includes(step);
        const expected = all.map((r) => (erased && r === first ? null : r.key));
        expect(await after.keysOf(refs(all))).toEqual(expected);
        expect(await after.find(SHOP, identifierOf(all, first))).toBe(
          erased ? 'suppressed' : first.anchorRef,
        );
        await after.close();
        expect(await filledSlots(copy)).toBe(BUCKETS);
        const openable = await openableRecords(copy);
        for (const { anchorRef } of siblings) {
          expect(openable.has(anchorRef)).toBe(!(erased && anchorRef === first.anchorRef));
        }
      }
    }
  });

  it('leaves no bytes that open the dead key, and no pair of hash and ref in the index', async () => {
    const path = await folder();
    const store = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    const all = await touchAll(store, PEOPLE);
    // RocksDB's manifest names the bounds of its files: the highest ref is one of them.
    const dead = [...new Set([...crowded(all), highest(all)])];
    const oldSlots = await slotsOf(path, dead);
    const before = await rawRecords(path, refs(dead));
    expect(before.length).toBeGreaterThanOrEqual(dead.length);
    await store.erase({ workspace: SHOP, refs: refs(dead), suppress: [] });
    await store.close();

    const bytes = await bytesOf(path);
    for (const slot of oldSlots) {
      expect(bytes.includes(slot.subarray(0, 28))).toBe(false);
      expect(bytes.includes(slot.subarray(28))).toBe(false);
    }
    const secrets = new DerivedSecrets(MASTER_KEY);
    const buckets = await BucketFile.open(join(path, 'buckets'), secrets.bucketWrap);
    for (const record of before) {
      const bucket = bucketOf(record.ref);
      expect(() => buckets.key(bucket, 1)).toThrow(/not readable/);
      expect(openRecord(record, buckets.key(bucket, 2))).toBeUndefined();
    }
    await buckets.close();
    const index = await bytesOf(join(path, 'index'));
    for (const { anchorRef } of dead) expect(index.includes(parseRef(anchorRef) as Buffer)).toBe(false);
    const alive = all.filter((resolution) => !dead.includes(resolution)).slice(0, 50);
    for (const { anchorRef } of alive) expect(index.includes(parseRef(anchorRef) as Buffer)).toBe(true);
  });

  it('does not make the mint log grow: a bucket keeps one rewrap row', async () => {
    const path = await folder();
    const store = await openEmbeddedKeyStore({ path, masterKey: MASTER_KEY });
    const all = await touchAll(store, PEOPLE);
    const [first] = crowded(all) as [Resolved];
    const bucket = bucketOfRef(first.anchorRef);
    const mates = all.filter(({ anchorRef }) => bucketOfRef(anchorRef) === bucket);
    for (const mate of mates) await store.erase({ workspace: SHOP, refs: refs([mate]), suppress: [] });
    await store.close();
    const log = MintLog.open(join(path, 'mints'));
    const rewraps = [...log.after(0)].filter(({ row }) => row.kind === 'rewrap');
    expect(rewraps.map(({ row }) => row)).toEqual([
      { kind: 'rewrap', bucket, generation: 1 + mates.length, records: [] },
    ]);
    await log.close();
  });

  it('finishes in a repeated call what failed after the commit', async () => {
    const path = await folder();
    let fail = true;
    const store = await openWatched({ path, masterKey: MASTER_KEY }, (step) => {
      if (step === 'indexed' && fail) throw new Error('cut');
    });
    const [ali] = (await touchAll(store, PEOPLE)) as [Resolved];
    const request = { workspace: SHOP, refs: [ali.anchorRef], suppress: [] };
    await expect(store.erase(request)).rejects.toMatchObject({ code: 'KEY_STORE.UNAVAILABLE' });
    expect(await filledSlots(path)).toBe(BUCKETS + 1);
    fail = false;
    await store.erase(request);
    expect(await filledSlots(path)).toBe(BUCKETS);
    await store.close();
  });
});

function identifierOf(all: readonly Resolved[], resolution: Resolved | undefined): IdentifierValue {
  return PEOPLE[all.indexOf(resolution as Resolved)] as IdentifierValue;
}

const SLOT_BYTES = 76;

async function filledSlots(path: string): Promise<number> {
  const file = await readFile(join(path, 'buckets'));
  let filled = 0;
  for (let at = 0; at < file.length; at += SLOT_BYTES) {
    if (file.subarray(at, at + SLOT_BYTES).some((byte) => byte !== 0)) filled++;
  }
  return filled;
}

/** The slots of generation 1 of the resolutions' buckets. */
async function slotsOf(path: string, resolutions: readonly Resolved[]): Promise<Buffer[]> {
  const file = await readFile(join(path, 'buckets'));
  return resolutions.map(({ anchorRef }) => {
    const at = (bucketOfRef(anchorRef) * 2 + 1) * SLOT_BYTES;
    return Buffer.from(file.subarray(at, at + SLOT_BYTES));
  });
}

/** All records of refs in a copy of the mint log, whichever key they are under. */
async function rawRecords(path: string, wanted: readonly Ref[]): Promise<SealedRecord[]> {
  const copy = await folder();
  await cp(join(path, 'mints'), copy, { recursive: true });
  const log = MintLog.open(copy);
  const records: SealedRecord[] = [];
  for (const { row } of log.after(0)) {
    if (row.kind !== 'mint' && row.kind !== 'rewrap') continue;
    records.push(...row.records.filter(({ ref }) => wanted.includes(formatRef(ref))));
  }
  await log.close();
  return records;
}

/** Refs of which any record in the mint log opens under any key of the bucket file. */
async function openableRecords(path: string): Promise<Set<Ref>> {
  const secrets = new DerivedSecrets(MASTER_KEY);
  const buckets = await BucketFile.open(join(path, 'buckets'), secrets.bucketWrap);
  const log = MintLog.open(join(path, 'mints'));
  const openable = new Set<Ref>();
  for (const { row } of log.after(0)) {
    if (row.kind !== 'mint' && row.kind !== 'rewrap') continue;
    for (const record of row.records) {
      for (const generation of [1, 2]) {
        let key: Buffer;
        try {
          key = buckets.key(bucketOf(record.ref), generation);
        } catch {
          continue;
        }
        if (openRecord(record, key) !== undefined) openable.add(formatRef(record.ref));
      }
    }
  }
  await log.close();
  await buckets.close();
  return openable;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import { openRocksStateStore, UnitOfWork, type StateStore } from '#state-store';
import { foldProfile } from './fold-profile.ts';
import { loadProfiles } from './load-profiles.ts';
import { profileReader } from './profile-reader.ts';
import { input, membershipOf, profileOf, refsOf } from './testing/inputs.ts';

let folder: string;
let store: StateStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temas-profile-'));
  store = await openRocksStateStore({ path: join(folder, 'state') });
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('profileReader', () => {
  it('reads what was committed, block after block, as the fold knows it', async () => {
    const traits = JSON.parse('{"name":"Ayşe","__proto__":1}') as Record<string, unknown>;
    const inputs = [
      input({ place: 1, at: 1_000, anchor: 'a1' as Ref, traits: { name: 'A.', city: 'İzmir' } }),
      input({ place: 2, at: 2_000, traits }),
      input({ place: 3, at: 3_000, traits: { city: null } }),
    ];
    const reader = profileReader(store);
    for (const [i, one] of inputs.entries()) {
      const work = new UnitOfWork(store);
      await loadProfiles(work, refsOf([one]));
      foldProfile(work, one);
      await store.commit(work.writes());
      expect(await reader.read(membershipOf(['u1', 'a1']))).toEqual(
        await profileOf(inputs.slice(0, i + 1), ['u1', 'a1']),
      );
    }
  });

  it('answers an empty profile for members of whom nothing can be read', async () => {
    expect(await profileReader(store).read(membershipOf(['nobody']))).toMatchObject({
      eventCount: 0,
      traits: {},
    });
  });
});

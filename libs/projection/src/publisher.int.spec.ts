import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventId, Position, ProfileId, Workspace } from '#kernel';
import { uuidV5, TEMAS_NAMESPACE } from '#kernel';
import { openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import type { Decision } from '#identity';
import { openRocksStateStore } from '#state-store';
import type { StateStore } from '#state-store';
import { STRICT } from '#test/silent-monitor';
import { outboxWrites } from './outbox.ts';
import { DECISIONS_REVOKED } from './correction.ts';
import { Publisher } from './publisher.ts';

const PROFILE = uuidV5(TEMAS_NAMESPACE, 'p1') as ProfileId;
const STREAM = `profile-w.${PROFILE}`;

/** A line of decisions about one profile, as a fold would number them. */
function decisions(names: readonly string[]): Decision[] {
  return names.map((name, revision) => ({
    decisionId: uuidV5(TEMAS_NAMESPACE, name),
    workspace: 'w' as Workspace,
    kind: 'IdentifierLinked',
    profileId: PROFILE,
    rule: 'R6',
    rulesVersion: 0,
    evidenceEventId: uuidV5(TEMAS_NAMESPACE, `cause-${name}`) as EventId,
    position: BigInt(revision + 1) as Position,
    n: 0,
    details: {},
    publish: { stream: STREAM, revision },
  }));
}

describe('Publisher', () => {
  const folder = mkdtempSync(join(tmpdir(), 'temas-publisher-'));
  let log: EventLog;
  let generation = 0;

  beforeAll(async () => {
    log = await openLmdbEventLog({ path: join(folder, 'log') });
  });

  afterAll(async () => {
    await log.close();
    rmSync(folder, { recursive: true });
  });

  /** Publishes a line from an empty state store, as after a loss of state or in a rebuild. */
  async function publish(
    names: readonly string[],
    perRound = names.length,
    { isSwept = false, then = [] as readonly string[] } = {},
  ): Promise<void> {
    const state: StateStore = await openRocksStateStore({ path: join(folder, `state-${generation++}`) });
    const publisher = new Publisher(log, state, STRICT, () => true);
    const line = decisions(names);
    for (let i = 0; i < line.length; i += perRound || 1) {
      await state.commit(outboxWrites(line.slice(i, i + perRound)));
      while (await publisher.round());
    }
    // As the fold keeps it: how many decisions the profile's stream should hold.
    const row = Buffer.from(JSON.stringify({ published: names.length }));
    await state.commit([{ collection: 'i.prof', key: PROFILE, value: row }]);
    if (isSwept) await publisher.sweepOnce(new AbortController().signal);
    if (then.length > 0) {
      await state.commit(outboxWrites(decisions([...names, ...then]).slice(names.length)));
      while (await publisher.round());
    }
    await state.close();
  }

  /** What a subscriber of the stream believes after reading it all. */
  async function believed(): Promise<string[]> {
    let held: string[] = [];
    for await (const { id, type, data } of log.readStream(STREAM)) {
      if (type !== DECISIONS_REVOKED) {
        held.push(id);
        continue;
      }
      const { decisionIds } = JSON.parse(data.toString('utf8')) as { decisionIds: string[] };
      held = held.filter((other) => !decisionIds.includes(other));
    }
    return held;
  }

  const idsOf = (names: readonly string[]): string[] => decisions(names).map(({ decisionId }) => decisionId);

  it('publishes in order, and once, however often state is lost', async () => {
    await publish(['a', 'b', 'c'], 1);
    await publish(['a', 'b', 'c']);
    await publish(['a', 'b', 'c', 'd'], 2);
    expect(await believed()).toEqual(idsOf(['a', 'b', 'c', 'd']));
    expect(await log.lastRevision(STREAM)).toBe(3n);
  });

  it('publishes what a rebuild decides otherwise as a correction, and nothing more when it runs again', async () => {
    await publish(['a', 'x', 'y'], 1);
    expect(await believed()).toEqual(idsOf(['a', 'x', 'y']));
    const end = await log.lastRevision(STREAM);
    await publish(['a', 'x', 'y']);
    expect(await log.lastRevision(STREAM)).toBe(end);
  });

  it('goes on after a correction', async () => {
    await publish(['a', 'x', 'y', 'z'], 1);
    expect(await believed()).toEqual(idsOf(['a', 'x', 'y', 'z']));
  });

  it('takes back what a generation no longer decides, also where it decides nothing, and goes on from there', async () => {
    await publish(['a', 'x'], 1, { isSwept: true });
    expect(await believed()).toEqual(idsOf(['a', 'x']));
    const end = await log.lastRevision(STREAM);
    await publish(['a', 'x'], 2, { isSwept: true });
    expect(await log.lastRevision(STREAM)).toBe(end);
    await publish([], 1, { isSwept: true });
    expect(await believed()).toEqual([]);
    await publish(['a'], 1, { isSwept: true, then: ['q'] });
    expect(await believed()).toEqual(idsOf(['a', 'q']));
    await publish(['a', 'q', 'r', 's'], 3, { isSwept: true });
    await publish(['a'], 1, { isSwept: true, then: ['q', 't'] });
    expect(await believed()).toEqual(idsOf(['a', 'q', 't']));
  });
});

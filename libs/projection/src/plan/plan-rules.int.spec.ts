import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import { DEFAULT_RULES, rulesOf } from '#identity';
import { TEMAS_NAMESPACE, uuidV5 } from '#kernel';
import type { EventId, Ref, SourceName, Workspace } from '#kernel';
import { openEmbeddedKeyStore } from '#key-store';
import type { KeyStore } from '#key-store';
import { openRocksStateStore } from '#state-store';
import { encodeEnvelope } from '#touchpoint';
import type { Envelope } from '#touchpoint';
import { planRules } from './plan-rules.ts';
import type { PlanOutcome, RulesOnTrial } from './plan-rules.ts';

const WORKSPACE = 'w' as Workspace;
const PEOPLE = 300;

/** Person n with two addresses; every event twice, as two collectors would deliver it. */
function envelopes(): Envelope[] {
  const one = (n: number, mail: number): Envelope => ({
    eventId: uuidV5(TEMAS_NAMESPACE, `${n}/${mail}`) as EventId,
    workspace: WORKSPACE,
    source: 'web' as SourceName,
    kind: 'identify',
    schema: 1,
    receivedAt: 1_700_000_000_000 + n,
    at: 1_700_000_000_000 + n,
    index: 0,
    rules: 1,
    alg: 'xc1',
    refs: [
      { ns: 'user_id', ref: String(1_000 + n) as Ref, strength: 2 },
      { ns: 'email', ref: String(10_000 + n * 2 + mail) as Ref, strength: 1 },
    ],
  });
  const all = Array.from({ length: PEOPLE }, (_, n) => [one(n, 0), one(n, 1)]).flat();
  return [...all, ...all];
}

describe('planRules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'temas-plan-'));
  let log: EventLog;
  let keys: KeyStore;
  let stores = 0;

  beforeAll(async () => {
    log = await openLmdbEventLog({ path: join(folder, 'log') });
    keys = await openEmbeddedKeyStore({ path: join(folder, 'keys'), masterKey: Buffer.alloc(32, 7) });
    const events = envelopes().map((envelope) => ({
      id: envelope.eventId,
      type: 'Touchpoint',
      metadata: encodeEnvelope(envelope),
      data: Buffer.alloc(8),
    }));
    for (let i = 0; i < events.length; i += 200) {
      const stream = `touchpoint-w.web.20260101.lane${i}`;
      await log.append(stream, events.slice(i, i + 200), 'noStream');
    }
    // Another workspace whose name begins alike has a part in nothing.
    await log.append(
      'touchpoint-wx.web.20260101.lane0',
      [{ ...(events[0] as (typeof events)[0]) }],
      'noStream',
    );
  });

  afterAll(async () => {
    await log.close();
    await keys.close();
    rmSync(folder, { recursive: true });
  });

  async function plan(trial: Pick<RulesOnTrial, 'after' | 'signal' | 'progress'>): Promise<PlanOutcome> {
    const open = () => openRocksStateStore({ path: join(folder, `state-${stores++}`) });
    const both = { before: await open(), after: await open() };
    const mappings = { at: () => ({ vendor: 'generic' as const }) };
    const order = { workspace: WORKSPACE, before: DEFAULT_RULES, ...trial };
    const outcome = await planRules({ log, keys, mappings }, order, both);
    await both.before.close();
    await both.after.close();
    return outcome;
  }

  it('tells what the whole log says of other rules, each event once, and how far it is', async () => {
    const steps: string[] = [];
    let last = 0n;
    const outcome = await plan({
      after: rulesOf({ namespaces: { email: { limit: 1 } } }, 1),
      signal: new AbortController().signal,
      progress: (step, done, of) => {
        if (step !== steps.at(-1)) {
          steps.push(step);
          last = 0n;
        }
        expect(done).toBeGreaterThanOrEqual(last);
        if (of !== undefined) expect(done).toBeLessThanOrEqual(of);
        last = done;
      },
    });
    expect(steps).toEqual(['folding', 'comparing']);
    expect(last).toBe(BigInt(PEOPLE));
    expect(outcome).toMatchObject({
      outcome: 'planned',
      position: await log.head(),
      diff: {
        profiles: { before: PEOPLE, after: PEOPLE * 2 },
        unchanged: 0,
        split: PEOPLE,
        merged: 0,
        moved: PEOPLE,
      },
    });
    const { largest } = (outcome as Extract<PlanOutcome, { outcome: 'planned' }>).diff;
    expect(largest).toHaveLength(100);
    for (const { identifiers, parts, into } of largest) {
      expect([identifiers, parts, into.map((part) => part.identifiers)]).toEqual([3, 2, [2, 1]]);
    }
  });

  it.each(['folding', 'comparing'])('ends when it is cancelled while %s', async (when) => {
    const abort = new AbortController();
    const told: string[] = [];
    const outcome = await plan({
      after: DEFAULT_RULES,
      signal: abort.signal,
      progress: (step) => {
        told.push(step);
        if (step === when) abort.abort();
      },
    });
    expect(outcome).toEqual({ outcome: 'cancelled' });
    expect(told.filter((step) => step === when)).toHaveLength(1);
  });
});

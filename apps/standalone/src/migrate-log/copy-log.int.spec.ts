import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogUnavailable, openLmdbEventLog } from '#event-log';
import type { EventLog, NewEvent } from '#event-log';
import { toJsonBytes } from '#kernel';
import { moveLog } from './command.ts';
import { digestLog } from './log-digest.ts';

const NO_METADATA = new Uint8Array(0);
const quiet = (): void => undefined;

let folder: string;
let source: EventLog;
let target: EventLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'temas-migrate-'));
  source = await openLmdbEventLog({ path: join(folder, 'old') });
  target = await openLmdbEventLog({ path: join(folder, 'new') });
});

afterEach(async () => {
  await source.close();
  await target.close();
  rmSync(folder, { recursive: true });
});

function touchpoint(n: number): NewEvent {
  return { id: randomUUID(), type: 'T', metadata: toJsonBytes({ n }), data: Buffer.from(`sealed ${n}`) };
}

/** Single appends, which the copy joins: so positions differ. Decisions name where their cause lies. */
async function fill(): Promise<void> {
  for (let n = 0; n < 40; n++) {
    const stream = `touchpoint-default.web.20260101.w${n < 20 ? 0 : n % 2}`;
    const last = await source.lastRevision(stream);
    const result = await source.append(stream, [touchpoint(n)], last ?? 'noStream');
    if (result.outcome !== 'appended') throw new Error('conflict');
    const data = toJsonBytes({ kind: 'Seen', position: result.position.toString(), n });
    const decision = { id: randomUUID(), type: 'Seen', metadata: NO_METADATA, data };
    if (n % 10 === 9) await source.append(`profile-default.p${n}`, [decision], 'noStream');
  }
}

async function told(log: EventLog): Promise<string[]> {
  const all: string[] = [];
  const abort = new AbortController();
  for await (const delivery of log.subscribe({ from: 0n as never, prefixes: [], signal: abort.signal })) {
    if (delivery.kind === 'caughtUp') break;
    if (delivery.kind !== 'event') continue;
    const { stream, revision, id, type, metadata } = delivery.event;
    all.push(`${stream} ${revision} ${id} ${type} ${metadata.toString('utf8')}`);
  }
  return all;
}

describe('moving a log', () => {
  it('keeps order, streams, revisions, ids and bodies, and lets decisions name where their cause lies now', async () => {
    await fill();
    await moveLog(source, target, folder);
    expect(await told(target)).toEqual(await told(source));
    let causes = 0;
    for (const n of [9, 19, 29, 39]) {
      for await (const { data } of target.readStream(`profile-default.p${n}`)) {
        const { position } = JSON.parse(data.toString('utf8')) as { position: string };
        const stream = `touchpoint-default.web.20260101.w${n < 20 ? 0 : 1}`;
        for await (const cause of target.readStream(stream)) {
          if (cause.position.toString() !== position) continue;
          expect(JSON.parse(cause.metadata.toString('utf8'))).toEqual({ n });
          causes++;
        }
      }
    }
    expect(causes).toBe(4);
  });

  it('goes on where it was cut, over a log that was away, and also without its notes', async () => {
    await fill();
    let left = 5;
    const shaky = new Proxy(target, {
      get: (log, name) =>
        name === 'append'
          ? async (...request: Parameters<EventLog['append']>) => {
              const result = await log.append(...request);
              if (left-- === 3) throw new LogUnavailable('the answer is lost');
              if (left < 0) throw new Error('cut');
              return result;
            }
          : (Reflect.get(log, name) as unknown),
    });
    await expect(moveLog(source, shaky, folder)).rejects.toThrow('cut');
    rmSync(join(folder, 'migrate-log.json'), { force: true });
    await moveLog(source, target, folder);
    await moveLog(source, target, folder);
    expect(await told(target)).toEqual(await told(source));
  });

  it('tells of a log that is not a new one', async () => {
    await fill();
    await target.append('touchpoint-default.web.20260101.w0', [touchpoint(1)], 'noStream');
    await expect(moveLog(source, target, folder)).rejects.toMatchObject({ code: 'MIGRATE.FOREIGN_LOG' });
  });

  it('has a digest that another order, body or id changes', async () => {
    await fill();
    const digest = (await digestLog(source, { most: 44 }, quiet)).sha256;
    expect((await digestLog(source, { most: 43 }, quiet)).sha256).not.toBe(digest);
    expect(await digestLog(source, { most: 44 }, quiet)).toEqual({ events: 44, sha256: digest });
  });
});

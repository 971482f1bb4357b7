import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { LogUnavailable, openLmdbEventLog } from '#event-log';
import type { EventLog } from '#event-log';
import type { SourceName, Workspace } from '#kernel';
import { ArrivalTally } from './arrival-tally.ts';
import { QUALITY_STREAMS, readTally } from './tally-event.ts';
import { TallyWriter } from './tally-writer.ts';

it('writes each count once, also over a log that was out and of an append whose answer was lost', async () => {
  const path = mkdtempSync(join(tmpdir(), 'temas-tally-'));
  const log = await openLmdbEventLog({ path });
  let fate: 'works' | 'out' | 'answer lost' = 'works';
  const shaky: Pick<EventLog, 'append'> = {
    async append(...request) {
      if (fate === 'out') throw new LogUnavailable('out');
      const result = await log.append(...request);
      if (fate === 'answer lost') throw new LogUnavailable('no answer');
      return result;
    },
  };
  const tally = new ArrivalTally();
  const count = (): void => tally.add('w' as Workspace, 'web' as SourceName, 0, 'refused', 'x');
  const writer = new TallyWriter(shaky as EventLog, tally);
  for (const next of ['works', 'answer lost', 'out', 'out', 'works'] as const) {
    fate = next;
    count();
    await writer.close();
  }
  await writer.close();
  let items = 0;
  for await (const stream of log.streams(QUALITY_STREAMS)) {
    for await (const event of log.readStream(stream)) {
      const told = readTally(event);
      expect(told?.workspace).toBe('w');
      items += told?.counts.reduce((sum, one) => sum + one.items, 0) ?? 0;
    }
  }
  expect(items).toBe(5);
  await log.close();
  rmSync(path, { recursive: true, force: true });
});

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { uuidV5, type EventId, type Position, type Ref, type SourceName } from '#kernel';
import type { EnvelopeRef } from '#touchpoint';
import type { Observation } from './identity.types.ts';
import { run, WORKSPACE } from './testing/history.ts';
import { MemoryState } from './testing/memory-state.ts';
import { partitionIn } from './testing/partitions.ts';
import { rowsOf } from './testing/state-rows.ts';

const FILE = fileURLToPath(new URL('../../../../shared/data/identity/splink_fake_1000.csv', import.meta.url));
const present = existsSync(FILE);
if (!present)
  process.stderr.write('\n*** NOT CHECKED: the labelled people beside the checkout are absent ***\n');

interface Row {
  readonly id: string;
  readonly email: string;
  readonly cluster: string;
}

/** No field of the file is quoted. */
function people(): Row[] {
  const [, ...lines] = readFileSync(FILE, 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => {
    const cells = line.split(',');
    return {
      id: cells[0] as string,
      email: (cells[5] as string).trim().toLowerCase(),
      cluster: cells[6] as string,
    };
  });
}

/** Each row an identify of its own browser with the row's e-mail; or a row of a CRM, beside the browser. */
function seen({ id, email }: Row, place: number, asRecord: boolean): Observation {
  const refs: EnvelopeRef[] = [{ ns: 'anonymous_id', ref: `a${id}` as Ref, strength: 0 }];
  if (email !== '') refs.push({ ns: 'email', ref: email as Ref, strength: 1 });
  return {
    workspace: WORKSPACE,
    source: 'import' as SourceName,
    eventId: uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', `row ${id}`) as EventId,
    position: BigInt(place + 1) as Position,
    at: 1_700_000_000_000,
    index: 0,
    refs,
    ...(asRecord ? { recordRef: `r${id}` as Ref } : {}),
  };
}

async function resolved(rows: readonly Row[], asRecord: boolean): Promise<MemoryState> {
  const store = new MemoryState();
  await run(
    store,
    rows.map((row, place) => seen(row, place, asRecord)),
    [100],
  );
  return store;
}

/** Pairs of rows found to be one person, among all pairs and among the labelled ones. */
function quality(store: MemoryState, rows: readonly Row[]): { precision: number; recall: number } {
  const { map } = rowsOf(store);
  let [found, right, labelled] = [0, 0, 0];
  for (const [i, a] of rows.entries()) {
    for (const b of rows.slice(i + 1)) {
      const together = map.get(`a${a.id}` as Ref) === map.get(`a${b.id}` as Ref);
      const same = a.cluster === b.cluster;
      if (together) found++;
      if (same) labelled++;
      if (together && same) right++;
    }
  }
  return { precision: right / found, recall: right / labelled };
}

(present ? describe : describe.skip)('a thousand labelled rows of people', () => {
  it.each([
    ['as calls of browsers', false],
    ['as rows of a CRM', true],
  ])('%s: nobody is taken for another, and the same people in every row order', async (_, asRecord) => {
    const rows = people();
    expect(rows).toHaveLength(1_000);
    const store = await resolved(rows, asRecord);
    const { precision, recall } = quality(store, rows);
    expect(precision).toBe(1);
    expect(recall).toBeGreaterThanOrEqual(0.538);
    const expected = partitionIn(store);
    const orders = [
      [...rows].reverse(),
      [...rows].sort((a, b) => (a.email < b.email ? -1 : 1)),
      rows.map((_row, i) => rows[(i * 37) % rows.length] as Row),
    ];
    for (const order of orders) expect(partitionIn(await resolved(order, asRecord))).toEqual(expected);
  });
});

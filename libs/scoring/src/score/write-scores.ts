import { randomUUID } from 'node:crypto';
import { columnNames, lastingName, MAX_INSERT_ROWS, PROFILE_SCORES, type Warehouse } from '#warehouse';

/**
 * Inserts rows of `profile_scores`, a block at a time. A token of an earlier attempt would drop the rows of this one
 * without a word, so each call has its own.
 *
 * @throws WarehouseUnavailable
 */
export async function writeScores(
  warehouse: Warehouse,
  rows: Iterable<readonly unknown[]>,
  onBlock: (written: number) => void = () => undefined,
): Promise<void> {
  const attempt = randomUUID();
  const [table, columns] = [lastingName(PROFILE_SCORES), columnNames(PROFILE_SCORES)];
  let lines: string[] = [];
  let written = 0;
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    const token = `${attempt}#${written}`;
    written += lines.length;
    const block = Buffer.from(lines.join(''), 'utf8');
    lines = [];
    await warehouse.insert(table, block, columns, token);
    onBlock(written);
  };
  for (const row of rows) {
    lines.push(`${JSON.stringify(row)}\n`);
    if (lines.length === MAX_INSERT_ROWS) await flush();
  }
  await flush();
}

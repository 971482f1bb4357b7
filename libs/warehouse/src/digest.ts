import { createHash } from 'node:crypto';
import type { View } from './schema/view.ts';
import { databaseOf, VIEWS } from './schema/views.ts';
import type { Warehouse } from './warehouse.port.ts';

/** What one relation holds, in one line. */
export interface RelationDigest {
  /** SHA-256, hex, over the rows in key order as JSONCompactEachRow. */
  readonly sha256: string;
  readonly rows: number;
}

/** Digest of each public relation, by its name. */
export type WarehouseDigest = Readonly<Record<string, RelationDigest>>;

/** Sorting goes to disk beyond this, so that a digest of any size fits. */
const SORT_MEMORY_BYTES = 256 * 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * Digests of a workspace's public relations: of what readers see, or of a generation not yet promoted as readers
 * would see it. Two rebuilds of the same log give equal ones. Streams; nothing is held in memory.
 */
export async function digest(
  warehouse: Warehouse,
  workspace: string,
  generation?: number,
): Promise<WarehouseDigest> {
  const digests: Record<string, RelationDigest> = {};
  for (const view of VIEWS) {
    const source =
      generation === undefined
        ? `${databaseOf(workspace)}.${view.name}`
        : `(${view.select(workspace, generation)})`;
    digests[view.name] = await digestOf(warehouse, view, source);
  }
  return digests;
}

async function digestOf(warehouse: Warehouse, view: View, source: string): Promise<RelationDigest> {
  const sql =
    `SELECT ${view.columns.map(({ name }) => name).join(', ')} FROM ${source} ` +
    `ORDER BY ${view.key.join(', ')} SETTINGS max_bytes_before_external_sort = ${SORT_MEMORY_BYTES}`;
  const hash = createHash('sha256');
  let rows = 0;
  for await (const chunk of warehouse.stream(sql, 'JSONCompactEachRow')) {
    hash.update(chunk);
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) rows++;
  }
  return { sha256: hash.digest('hex'), rows };
}

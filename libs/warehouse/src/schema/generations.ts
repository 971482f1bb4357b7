import { GenerationInUse } from '../errors.ts';
import type { Warehouse } from '../warehouse.port.ts';
import { readEpoch } from './epoch.ts';
import { STORE } from './table.ts';

/** Generations that have tables, in order. */
export async function listGenerations(warehouse: Warehouse): Promise<number[]> {
  const rows = await warehouse.query<{ generation: number }>(
    `SELECT DISTINCT toUInt32(extract(name, '_v([0-9]+)$')) AS generation FROM system.tables
     WHERE database = '${STORE}' AND match(name, '_v[0-9]+$') ORDER BY generation`,
  );
  return rows.map((row) => row.generation);
}

/**
 * Drops a generation's tables and their files. Repeat it after a crash: the note of its migrations goes first, so
 * a half-dropped generation is never taken for a whole one. Throws `GenerationInUse` for the promoted one.
 */
export async function dropGeneration(warehouse: Warehouse, generation: number): Promise<void> {
  if ((await readEpoch(warehouse))?.generation === generation) throw new GenerationInUse(generation);
  await warehouse.command(`DELETE FROM ${STORE}.migrations WHERE generation = {generation:UInt32}`, {
    generation,
  });
  // Dictionaries first: a table that one reads cannot be dropped.
  const relations = await warehouse.query<{ name: string; kind: string }>(
    `SELECT name, if(engine = 'Dictionary', 'DICTIONARY', 'TABLE') AS kind FROM system.tables
     WHERE database = '${STORE}' AND endsWith(name, {suffix:String}) ORDER BY kind`,
    { suffix: `_v${generation}` },
  );
  for (const { name, kind } of relations)
    await warehouse.command(`DROP ${kind} IF EXISTS ${STORE}.${name} SYNC`);
}

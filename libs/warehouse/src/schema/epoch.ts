import type { Warehouse } from '../warehouse.port.ts';
import { STORE } from './table.ts';

/** What the public views show, and which state store it was built from. */
export interface Epoch {
  /** Id of the state store; another one than the store's own means the tables must be built anew. */
  readonly epoch: string;
  readonly generation: number;
}

/** The newest note; `undefined` for a warehouse that was never filled. Needs `migrate` to have run. */
export async function readEpoch(warehouse: Warehouse): Promise<Epoch | undefined> {
  const [row] = await warehouse.query<Epoch>(
    `SELECT epoch, generation FROM ${STORE}.epochs ORDER BY version DESC LIMIT 1`,
  );
  return row;
}

/** Notes that the public views show this generation, built from this state store. Durable once it resolves. */
export async function writeEpoch(warehouse: Warehouse, { epoch, generation }: Epoch): Promise<void> {
  await warehouse.command(
    `INSERT INTO ${STORE}.epochs SELECT {epoch:String}, {generation:UInt32}, max(version) + 1 FROM ${STORE}.epochs`,
    { epoch, generation },
  );
}

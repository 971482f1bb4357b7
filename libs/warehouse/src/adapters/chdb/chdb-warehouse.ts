import { mkdir } from 'node:fs/promises';
import type { Warehouse } from '../../warehouse.port.ts';
import { ClientWarehouse } from '../clickhouse/client-warehouse.ts';
import type { ChildExit } from './child.ts';
import { Supervisor } from './supervisor.ts';

/** Options of {@link startEmbeddedWarehouse}. */
export interface EmbeddedWarehouseOptions {
  /** Data directory, made if it is missing. One process may hold it; a start waits up to 10 s for another's end. */
  readonly path: string;
  /** Lines the engine writes to its standard error; dropped without it. */
  readonly log?: (line: string) => void;
  /** Told of each unexpected end of the engine's process. */
  readonly onExit?: (exit: ChildExit) => void;
}

/** A {@link Warehouse} whose engine is a child of this process. */
export interface EmbeddedWarehouse extends Warehouse {
  /** Id of the child as it runs now; another one after a crash. */
  pid(): Promise<number>;
}

/**
 * Starts the embedded ClickHouse engine on a directory, about 260 MB of memory in a process of its own. Throws
 * `WarehouseUnavailable` if it does not start: the directory is locked or damaged, or the platform has no build.
 */
export async function startEmbeddedWarehouse(options: EmbeddedWarehouseOptions): Promise<EmbeddedWarehouse> {
  await mkdir(options.path, { recursive: true });
  const supervisor = await Supervisor.start({
    path: options.path,
    log: options.log ?? (() => undefined),
    onExit: options.onExit ?? (() => undefined),
  });
  return Object.assign(new ClientWarehouse(supervisor), { pid: () => supervisor.pid() });
}

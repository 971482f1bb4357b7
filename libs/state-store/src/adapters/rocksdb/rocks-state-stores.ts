import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StateStores } from '../../state-stores.port.ts';
import { openRocksStateStore } from './rocks-state-store.ts';

/** Where the embedded state stores lie. */
export interface RocksStateStoresOptions {
  /** Folder of their own, created if missing: `v<n>/` a generation, `current.json`, `plan/` for trials. */
  readonly path: string;
}

/** State stores as folders, one a generation. A generation that is open, here or elsewhere, is `StoreInUse`. */
export function openRocksStateStores({ path }: RocksStateStoresOptions): StateStores {
  mkdirSync(path, { recursive: true });
  const folderOf = (generation: number): string => join(path, `v${generation}`);
  const current = join(path, 'current.json');
  // On the disk of the state, which has room for a state.
  const scratch = join(path, 'plan');
  return {
    open: (generation) => openRocksStateStore({ path: folderOf(generation) }),
    async drop(generation) {
      rmSync(folderOf(generation), { recursive: true, force: true });
    },
    async list() {
      const names = readdirSync(path).filter((name) => /^v\d+$/.test(name));
      return names.map((name) => Number(name.slice(1))).sort((a, b) => a - b);
    },
    async readCurrent() {
      if (!existsSync(current)) return 1;
      return (JSON.parse(readFileSync(current, 'utf8')) as { generation: number }).generation;
    },
    async writeCurrent(generation) {
      const draft = `${current}.new`;
      writeFileSync(draft, JSON.stringify({ generation }), { flush: true });
      renameSync(draft, current);
    },
    openScratch: (name) => openRocksStateStore({ path: join(scratch, name) }),
    async dropScratch() {
      rmSync(scratch, { recursive: true, force: true });
    },
    async close() {
      // The stores hold everything themselves.
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateStoresContract } from '../../state-stores.contract.ts';
import { openRocksStateStores } from './rocks-state-stores.ts';

stateStoresContract('the folders of RocksDB stores', async () => {
  const path = await mkdtemp(join(tmpdir(), 'temas-stores-'));
  const open = () => openRocksStateStores({ path: join(path, 'state') });
  let stores = open();
  return {
    stores,
    async reopen() {
      await stores.close();
      stores = open();
      return stores;
    },
    destroy: () => rm(path, { recursive: true, force: true }),
  };
});

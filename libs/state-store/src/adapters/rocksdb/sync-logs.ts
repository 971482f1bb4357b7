import { open, readdir } from 'node:fs/promises';

/**
 * Makes every write-ahead log of a RocksDB folder durable. The engine's binding has no synced write.
 *
 * All logs, not only the current one: a full memtable starts a new log, and until its table file is written the
 * old log alone holds its rows; recovery stops at the first hole, so an unsynced older log would also cost the
 * newer ones. A log that vanishes meanwhile is no loss: RocksDB deletes it after its rows are synced elsewhere.
 * The folder is synced too, for the engine leaves the entry of a new log unsynced.
 */
export async function syncLogs(path: string): Promise<void> {
  const names = await readdir(path);
  await Promise.all(names.filter((name) => name.endsWith('.log')).map((name) => syncLog(`${path}/${name}`)));
  await syncFolder(path);
}

async function syncLog(file: string): Promise<void> {
  let handle;
  try {
    // Windows flushes only handles that may write.
    handle = await open(file, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder's entries durable; Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

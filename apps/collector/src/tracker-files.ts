import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** A script as it is served. */
export interface TrackerFile {
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly etag: string;
}

/** Where the build leaves the snippet, seen from the built collector. */
const BUILT = fileURLToPath(new URL('../../../tracker', import.meta.url));

/** The snippet's scripts in memory: they are small, and asked for by every page. */
export class TrackerFiles {
  readonly #files = new Map<string, TrackerFile>();

  /** Reads the scripts of a folder; one without any serves none. */
  constructor(folder: string = BUILT) {
    for (const name of scriptsIn(folder)) {
      const plain = readFileSync(join(folder, name));
      const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
      this.#files.set(name, { plain, gzip: gzipSync(plain, { level: 9 }), etag });
    }
  }

  /** A script by its name; `undefined` if the build made none of that name. */
  find(name: string): TrackerFile | undefined {
    return this.#files.get(name);
  }
}

function scriptsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^t[\w.]*\.js$/.test(name));
  } catch {
    return [];
  }
}

import { open, rm, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** A record that was not stored, and why. Holds personal data. */
export interface Reject {
  readonly line: number;
  readonly reason: string;
  /** Field of the touchpoint; empty for the record as a whole. */
  readonly field: string;
  /** The record's fields, or its text where it could not be read. */
  readonly record: unknown;
}

/** The file of rejected records: NDJSON, mode 0600, made with the first of them. */
export class RejectsFile {
  #file: FileHandle | undefined;

  private constructor(
    readonly path: string,
    private bytes: number,
  ) {}

  /**
   * Continues a file at a length: what stands behind it was written after the last saved progress and comes again.
   * Length 0 begins anew.
   */
  static async continueAt(path: string, bytes: number): Promise<RejectsFile> {
    if (bytes === 0) await rm(path, { force: true });
    else await truncate(path, bytes);
    return new RejectsFile(path, bytes);
  }

  /** True if the file still holds what was written to it up to a length. */
  static async holds(path: string, bytes: number): Promise<boolean> {
    const found = bytes === 0 ? undefined : await stat(path).catch(() => undefined);
    return bytes === 0 || (found !== undefined && found.size >= bytes);
  }

  /** Appends durably; the answer is the length of the file then. */
  async append(rejects: readonly Reject[]): Promise<number> {
    if (rejects.length === 0) return this.bytes;
    this.#file ??= await open(this.path, 'a', 0o600);
    const text = rejects.map((reject) => `${JSON.stringify(reject)}\n`).join('');
    await this.#file.appendFile(text);
    await this.#file.sync();
    return (this.bytes += Buffer.byteLength(text));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

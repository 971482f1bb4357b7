import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '../../http-interface/engine-error.ts';

/**
 * Named pipes that results are written into with INTO OUTFILE: the one way in which the engine hands over any
 * format as it computes it, planned in a thread of the pool, held back by a slow reader and never whole in memory.
 * Its own stream interface plans in the calling thread (a constant expression can stop the process for seconds)
 * and repeats headers in every chunk.
 */
export class ResultPipes {
  private constructor(private readonly free: string[]) {}

  /** Makes as many pipes as results may be read at once, in a directory nobody else can read. */
  static async make(directory: string, count: number): Promise<ResultPipes> {
    const paths = Array.from({ length: count }, (_, i) => join(directory, `result-${i}`));
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths]);
    return new ResultPipes(paths);
  }

  /**
   * The bytes that `write` puts into the pipe it is given, then its failure if it fails. Ends only after `write`:
   * who stops reading early must also stop the writer, whose rest is thrown away.
   */
  async *read(write: (path: string) => Promise<unknown>): AsyncGenerator<Buffer> {
    const path = this.free.pop();
    if (path === undefined) {
      throw new EngineError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many simultaneous queries');
    }
    const reader = new Socket({
      fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
      readable: true,
      writable: false,
    });
    // A writer of our own: the pipe ends when the statement has, neither before its first byte nor never.
    const own = openSync(path, constants.O_WRONLY);
    const closed = once(reader, 'close');
    const written = write(path)
      .then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      .finally(() => closeSync(own));
    try {
      for await (const chunk of reader.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
      const failed = await written;
      if (failed) throw failed.error;
    } finally {
      // Reading on frees a writer that stands before a full pipe; a gone reader would leave one that opens it.
      reader.resume();
      await written;
      reader.destroy();
      // Only a pipe that nobody holds is empty for the next statement.
      await closed;
      this.free.push(path);
    }
  }
}

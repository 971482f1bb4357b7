import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedWarehouse } from '#warehouse';
import { cutRecords, scanLine } from './cut-records.ts';
import { decodeText } from './decode-text.ts';
import { parseExactJson } from './exact-json.ts';
import type { ReadRecord } from './file-record.ts';

const ROW_NUMBER = 'temas_row_number';

/** Rows in the order of the file, whatever the engine reads at once; times as ISO 8601 in UTC. */
const SETTINGS = "input_format_parquet_preserve_order = 1, max_threads = 1, date_time_output_format = 'iso'";

/** A Parquet file, opened by a ClickHouse engine of its own in a temporary directory. */
export class ParquetFile {
  private constructor(
    private readonly engine: Awaited<ReturnType<typeof startEmbeddedWarehouse>>,
    private readonly table: string,
    private readonly folder: string,
    readonly rows: number,
    readonly columns: readonly string[],
  ) {}

  /** Throws what the engine throws where the file is no Parquet. */
  static async open(path: string): Promise<ParquetFile> {
    const folder = await mkdtemp(join(tmpdir(), 'temas-import-'));
    const link = join(folder, 'rows.parquet');
    const engine = await startEmbeddedWarehouse({ path: join(folder, 'engine') });
    try {
      // Under a name of ours: in the file's own the engine would take * ? { } as patterns.
      await symlink(await realpath(path), link);
      const table = `file('${link.replaceAll(/[\\']/g, '\\$&')}', Parquet)`;
      const described = await engine.query<{ name: string }>(`DESCRIBE TABLE ${table}`);
      const [counted] = await engine.query<{ rows: string }>(`SELECT count() AS rows FROM ${table}`);
      const columns = described.map(({ name }) => name);
      return new ParquetFile(engine, table, folder, Number(counted?.rows ?? 0), columns);
    } catch (error) {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The rows in the order of the file; decimals and 64-bit numbers as texts. */
  async *records(): AsyncGenerator<ReadRecord, void, undefined> {
    const sql = `SELECT *, _row_number AS ${ROW_NUMBER} FROM ${this.table} SETTINGS ${SETTINGS}`;
    const lines = cutRecords(decodeText(this.engine.stream(sql, 'JSONEachRow'), 'utf-8'), scanLine, 0);
    for await (const cut of lines) {
      if ('reason' in cut) {
        yield { outcome: 'unreadable', line: cut.line, reason: cut.reason, text: cut.text };
        continue;
      }
      const { [ROW_NUMBER]: row, ...fields } = parseExactJson(cut.value) as Record<string, unknown>;
      yield { outcome: 'read', line: Number(row) + 1, fields };
    }
  }

  async close(): Promise<void> {
    await this.engine.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

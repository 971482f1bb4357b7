import type { Session } from '#postgres';
import { bounds, logicalKey } from '../../physical-key.ts';
import type { ScanRange } from '../../state-store.port.ts';

/** A row of a scan. */
export interface ScannedRow {
  readonly key: string;
  readonly value: Buffer;
}

/** Rows of the first page: few, because rows may have a megabyte and many scans are left early. */
export const FIRST_PAGE = 16;
const LARGEST_PAGE = 2_000;
const PAGE_BYTES = 2 * 1024 * 1024;

/** Rows of the next page, so that it holds about 2 MB. */
export function nextPageSize(rows: readonly ScannedRow[]): number {
  const bytes = rows.reduce((sum, { key, value }) => sum + key.length + value.length, 1);
  const fitting = Math.floor((PAGE_BYTES * rows.length) / bytes);
  return Math.max(1, Math.min(LARGEST_PAGE, fitting));
}

/** Reads a range page by page, each from the last key of the one before: no offset is ever counted off. */
export class ScanPages {
  readonly #from: Buffer;
  readonly #to: Buffer;
  readonly #collection: string;
  readonly #reverse: boolean;
  #last: Buffer | undefined;
  #left: number;
  #size = FIRST_PAGE;
  #ended = false;

  /** Throws `BadCollection`. */
  constructor(
    private readonly table: string,
    range: ScanRange,
  ) {
    const { gte, lt } = bounds(range);
    this.#from = gte;
    this.#to = lt;
    this.#collection = range.collection;
    this.#reverse = range.reverse === true;
    this.#left = range.limit ?? Infinity;
    this.#ended = this.#left <= 0;
  }

  /** True once there are no more rows to read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** True if the first page is the last one whatever it holds. */
  get single(): boolean {
    return this.#left <= FIRST_PAGE;
  }

  /** Rows of the next page. */
  async next(session: Session): Promise<ScannedRow[]> {
    const size = Math.min(this.#size, this.#left);
    const found = await session.query<[Buffer, Buffer]>(this.#statement(), [
      this.#reverse || this.#last === undefined ? this.#from : this.#last,
      this.#reverse && this.#last !== undefined ? this.#last : this.#to,
      size,
    ]);
    const rows = found.map(([key, value]) => ({ key: logicalKey(this.#collection, key), value }));
    this.#last = found.at(-1)?.[0];
    this.#left -= rows.length;
    this.#ended = rows.length < size || this.#left <= 0;
    if (rows.length > 0) this.#size = nextPageSize(rows);
    return rows;
  }

  #statement(): string {
    const lower = !this.#reverse && this.#last !== undefined ? '>' : '>=';
    return `SELECT key, value FROM ${this.table} WHERE key ${lower} $1::bytea AND key < $2::bytea
      ORDER BY key ${this.#reverse ? 'DESC' : 'ASC'} LIMIT $3::int8`;
  }
}

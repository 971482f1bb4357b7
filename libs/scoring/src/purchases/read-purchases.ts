import { NIL_PROFILE } from '#kernel';
import type { Workspace } from '#kernel';
import { databaseOf, IS_PURCHASE, type Warehouse } from '#warehouse';
import { dayOf } from '../utc-day.ts';
import type { PurchaseBook } from './purchase-book.ts';

/** What is counted, and from when. */
export interface PurchaseSelection {
  readonly workspace: Workspace;
  readonly basis: 'purchases' | 'activity';
  /** ISO 4217; empty for activity. */
  readonly currency: string;
  /** First UTC day, `YYYY-MM-DD`; `null`: all. */
  readonly start: string | null;
}

/** Threads of the engine that a statement may take: the others are for inserts. */
const GENTLY = 'SETTINGS max_threads = 1';

/** Touchpoints that say that somebody was there; what a program did is none. */
const IS_ACTIVITY = `kind IN ('track', 'page', 'screen') AND is_bot = 0 AND profile_id != toUUID('${NIL_PROFILE}')`;

/**
 * SELECT of a row per customer and day from the public views: `profile_id`, `day` as UTC day from 1970-01-01, `spend` as
 * exact net revenue. Values are checked by the caller: they stand in the statement.
 *
 * @param until last UTC day that counts; all days without it
 */
export function purchaseDays(
  { workspace, basis, currency, start }: PurchaseSelection,
  until?: string,
): string {
  const isPurchases = basis === 'purchases';
  const at = isPurchases ? 'ordered_at' : 'occurred_at';
  const conditions = [
    isPurchases ? `${IS_PURCHASE} AND currency = '${currency}'` : IS_ACTIVITY,
    ...(start === null ? [] : [`${at} >= toDateTime64('${start}', 3, 'UTC')`]),
    ...(until === undefined ? [] : [`${at} < toDateTime64(toDate32('${until}') + 1, 3, 'UTC')`]),
  ];
  return [
    `SELECT profile_id, toInt32(toDate32(${at})) AS day, ${isPurchases ? 'sum(net)' : '0'} AS spend`,
    `FROM ${databaseOf(workspace)}.${isPurchases ? 'orders' : 'events'} WHERE ${conditions.join(' AND ')}`,
    'GROUP BY profile_id, day',
  ].join(' ');
}

const DAY_HASH = 'cityHash64(day, spend)';

/**
 * Hash of a customer's days by which one knows that they have changed. Days are distinct, so none takes another out;
 * and their order does not matter, so that nothing need be collected and sorted for it.
 */
export const FINGERPRINT = `groupBitXor(${DAY_HASH})`;

/**
 * Purchases of all customers of a selection, or of some.
 *
 * @param only profile ids; a few thousand at most
 * @param until last UTC day that fingerprints know of; purchases after it are read too
 * @throws WarehouseUnavailable
 */
export async function readPurchases(
  warehouse: Warehouse,
  selection: PurchaseSelection,
  { until, only }: { readonly until?: string; readonly only?: readonly string[] } = {},
): Promise<PurchaseBook> {
  const known = until === undefined ? FINGERPRINT : `groupBitXorIf(${DAY_HASH}, day <= ${dayOf(until)})`;
  const some =
    only === undefined ? '' : `WHERE profile_id IN (${only.map((id) => `toUUID('${id}')`).join(', ')})`;
  const sql = [
    'SELECT profile_id, arraySort(dates), arraySort((sum, date) -> date, sums, dates), toString(fingerprint) FROM (',
    'SELECT profile_id, groupArray(day) AS dates, groupArray(toFloat64(spend)) AS sums,',
    `${known} AS fingerprint FROM (${purchaseDays(selection)}) ${some} GROUP BY profile_id`,
    `) ORDER BY profile_id ${GENTLY}`,
  ].join(' ');
  const customers: string[] = [];
  const fingerprints: string[] = [];
  const starts = new Numbers(Uint32Array);
  const days = new Numbers(Int32Array);
  const spend = new Numbers(Float64Array);
  starts.push(0);
  for await (const lines of wholeLines(warehouse.stream(sql, 'JSONCompactEachRow'))) {
    for (const [id, dates, sums, fingerprint] of JSON.parse(`[${lines}]`) as Row[]) {
      customers.push(id);
      fingerprints.push(fingerprint);
      dates.forEach((day) => days.push(day));
      sums.forEach((sum) => spend.push(sum));
      starts.push(days.length);
    }
  }
  return { customers, fingerprints, starts: starts.done(), days: days.done(), spend: spend.done() };
}

type Row = readonly [id: string, days: readonly number[], spend: readonly number[], fingerprint: string];

/**
 * Currencies of the purchases there are, that of most orders first.
 *
 * @throws WarehouseUnavailable
 */
export async function readCurrencies(warehouse: Warehouse, workspace: Workspace): Promise<string[]> {
  const rows = await warehouse.query<{ currency: string }>(
    `SELECT currency FROM ${databaseOf(workspace)}.orders WHERE ${IS_PURCHASE}
     GROUP BY currency ORDER BY count() DESC, currency ${GENTLY}`,
  );
  return rows.map(({ currency }) => currency);
}

/** Columns that grow. */
class Numbers<T extends Uint32Array | Int32Array | Float64Array> {
  #values: T;
  length = 0;

  constructor(private readonly make: new (length: number) => T) {
    this.#values = new make(1_024);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new this.make(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  done(): T {
    return this.#values.slice(0, this.length) as T;
  }
}

const LINE_FEED = 0x0a;

/** Chunks of text cut at line ends, lines parted by commas. */
async function* wholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end < 0) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    yield Buffer.concat([rest, chunk.subarray(0, end)])
      .toString('utf8')
      .replaceAll('\n', ',');
    rest = Buffer.from(chunk.subarray(end + 1));
  }
}

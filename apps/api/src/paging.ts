import { problem } from './access.ts';
import type { AsOfQuery } from './as-of.ts';

const MAX_PAGE = 1_000;

/** Query of a list: where to go on, and how much. */
export interface ListQuery extends AsOfQuery {
  readonly cursor?: string;
  readonly limit?: string;
}

/** How many entries a page may have; 100 if nothing is said. Throws 400 beyond 1 to 1,000. */
export function limitOf({ limit }: ListQuery): number {
  if (limit === undefined) return 100;
  const count = Number(limit);
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_PAGE)) {
    throw problem(400, `"limit" must be a whole number from 1 to ${MAX_PAGE}`);
  }
  return count;
}

/** The cursor of a query. Throws 400 for one of another form. */
export function cursorOf({ cursor }: ListQuery, form: RegExp): string | undefined {
  if (cursor !== undefined && !form.test(cursor))
    throw problem(400, '"cursor" must be one that an earlier page gave');
  return cursor;
}

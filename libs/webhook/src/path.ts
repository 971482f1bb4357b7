/** Longest path or fixed text, in UTF-16 code units. */
export const PATH_LIMIT = 200;

/** Most segments of a path. */
export const SEGMENTS_LIMIT = 16;

/**
 * The value at a dotted path (`data.customer.id`, `items.0.sku`), or the fixed text of `=text`; `undefined` where the
 * path leads to nothing. Own members only: `constructor` names nothing.
 */
export function readPath(item: unknown, path: string): unknown {
  if (path.startsWith('=')) return path.slice(1);
  let value = item;
  for (const segment of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[segment];
  }
  return value;
}

/** What is wrong with a path that somebody gave; `undefined` for a good one. */
export function pathProblem(path: unknown): string | undefined {
  if (typeof path !== 'string') return 'must be text';
  if (path.length > PATH_LIMIT) return `must have at most ${PATH_LIMIT} characters`;
  if (path.startsWith('=')) return undefined;
  const segments = path.split('.');
  if (segments.some((segment) => segment.trim() === '')) {
    return 'must be a dotted path such as data.customer.id, or =text for a fixed text';
  }
  return segments.length > SEGMENTS_LIMIT ? `must have at most ${SEGMENTS_LIMIT} segments` : undefined;
}

/** Media type a ClickHouse server gives an output format. */
export function contentTypeOf(format: string): string {
  if (/^JSON(Compact|Strings)?(Each.*)?Row/.test(format)) return 'application/x-ndjson; charset=UTF-8';
  if (format.startsWith('JSON')) return 'application/json; charset=UTF-8';
  if (format.startsWith('CSV')) return 'text/csv; charset=UTF-8; header=absent';
  if (format.startsWith('T')) return 'text/tab-separated-values; charset=UTF-8';
  return 'application/octet-stream';
}

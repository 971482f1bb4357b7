/** UTF-8 bytes of a value's JSON. */
export function toJsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

/** Compares two strings by UTF-16 code unit, the one order used wherever an order is stored or hashed. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

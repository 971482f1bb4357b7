/** Type of the elements, as PostgreSQL numbers it. */
const BYTEA = 17;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/**
 * The binary form of a `bytea[]` parameter; `null` stands for NULL. The driver would write arrays as text, twice the
 * bytes in hexadecimal, which both sides would have to parse.
 */
export function encodeByteaArray(items: readonly (Uint8Array | null)[]): Buffer {
  let size = HEADER_BYTES;
  let hasNull = 0;
  for (const item of items) {
    size += LENGTH_BYTES + (item?.byteLength ?? 0);
    if (item === null) hasNull = 1;
  }
  const bytes = Buffer.allocUnsafe(size);
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(hasNull, 4);
  bytes.writeInt32BE(BYTEA, 8);
  bytes.writeInt32BE(items.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  for (const item of items) {
    at = bytes.writeInt32BE(item === null ? -1 : item.byteLength, at);
    if (item === null) continue;
    bytes.set(item, at);
    at += item.byteLength;
  }
  return bytes;
}

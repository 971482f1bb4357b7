/**
 * Largest item, in UTF-8 JSON bytes after what its batch brings was merged in. Keeps it far below the wire format's
 * 10,000 properties too: each takes five bytes or more.
 */
export const ITEM_BYTES_LIMIT = 32 * 1024;

/** Longest messageId, in UTF-16 code units. */
export const MESSAGE_ID_LIMIT = 100;

/** Deepest nesting of an item; the item itself is level 1. Bounds the stack of everything that walks a payload. */
export const DEPTH_LIMIT = 64;

/** Most identifiers of one item: each costs a ref and a row of the key store. */
export const IDENTIFIERS_LIMIT = 50;

/** Longest identifier, in UTF-16 code units of its canonical value. */
export const IDENTIFIER_LENGTH_LIMIT = 255;

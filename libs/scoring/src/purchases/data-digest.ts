import { createHash } from 'node:crypto';
import type { PurchaseBook } from './purchase-book.ts';

/** Bytes that are hashed at once. */
const CHUNK = 1 << 16;

/**
 * SHA-256, hex, of the purchases up to a cutoff: who bought on which day for how much. Another person, order or
 * refund gives another digest; what came after the cutoff does not.
 */
export function dataDigest(book: PurchaseBook, cutoff: number): string {
  const hash = createHash('sha256');
  let text = '';
  for (let row = 0; row < book.customers.length; row += 1) {
    const from = book.starts[row] as number;
    let to = from;
    while (to < (book.starts[row + 1] as number) && (book.days[to] as number) <= cutoff) to += 1;
    if (from === to) continue;
    text += `${book.customers[row]}\t${book.days.subarray(from, to).join()}\t${book.spend.subarray(from, to).join()}\n`;
    if (text.length < CHUNK) continue;
    hash.update(text);
    text = '';
  }
  return hash.update(text).digest('hex');
}

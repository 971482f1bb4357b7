import type { Headers } from './topic.ts';

/** A delivery as it came: the body before decompression or parsing. */
export interface SignedDelivery {
  readonly headers: Headers;
  readonly rawBody: Buffer;
  /** Where it was posted to, as the vendor knows the address. */
  readonly address: string;
}

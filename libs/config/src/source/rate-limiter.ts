/** Whether a request may pass. */
export type RateVerdict =
  | { readonly outcome: 'granted' }
  /** The same request passes after so many whole seconds, at least 1, if nothing else passes meanwhile. */
  | { readonly outcome: 'limited'; readonly retryAfterSeconds: number };

/** Buckets kept at most. One that is full again is as good as none. */
const MAX_BUCKETS = 10_000;

/** Buckets left where even then there is no room: the oldest are forgotten, which grants their keys a burst. */
const ROOMY = 9_000;

/** Below this a bucket counts as having what is asked: sums of fractions do not add up exactly. */
const TOLERANCE = 1e-6;

const GRANTED: RateVerdict = { outcome: 'granted' };

interface Bucket {
  /** Events that may pass now; negative: debt of a request larger than the burst. */
  tokens: number;
  /** Ms, of the clock that `take` is given. */
  at: number;
  limit: number;
}

/**
 * A token bucket per key. The burst is one second's worth, at least 1. A request larger than the burst passes when
 * the bucket is full and leaves a debt, so that it is delayed but never refused for ever. Over any time t a key
 * passes at most limit × t + burst events, plus what one request is larger than the burst.
 */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();

  /** Buckets in memory. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Asks for `events` events of a key whose limit is `limit` events per second, at `now` ms of any steady clock. */
  take(keyId: string, limit: number, events: number, now: number): RateVerdict {
    const burst = Math.max(1, limit);
    const bucket = this.#buckets.get(keyId) ?? this.#create(keyId, limit, now);
    refill(bucket, limit, now);
    const needed = Math.min(events, burst);
    if (bucket.tokens + TOLERANCE >= needed) {
      bucket.tokens -= events;
      return GRANTED;
    }
    return {
      outcome: 'limited',
      retryAfterSeconds: Math.max(1, Math.ceil((needed - bucket.tokens) / limit)),
    };
  }

  #create(keyId: string, limit: number, now: number): Bucket {
    if (this.#buckets.size >= MAX_BUCKETS) this.#makeRoom(now);
    const bucket: Bucket = { tokens: Math.max(1, limit), at: now, limit };
    this.#buckets.set(keyId, bucket);
    return bucket;
  }

  #makeRoom(now: number): void {
    for (const [keyId, bucket] of this.#buckets) {
      refill(bucket, bucket.limit, now);
      if (bucket.tokens >= Math.max(1, bucket.limit)) this.#buckets.delete(keyId);
    }
    // Many at once, so that the next newcomers find room without a walk through all of them.
    for (const keyId of this.#buckets.keys()) {
      if (this.#buckets.size <= ROOMY) break;
      this.#buckets.delete(keyId);
    }
  }
}

function refill(bucket: Bucket, limit: number, now: number): void {
  const elapsed = Math.max(0, now - bucket.at);
  bucket.tokens = Math.min(Math.max(1, limit), bucket.tokens + (elapsed * limit) / 1000);
  bucket.at = Math.max(bucket.at, now);
  bucket.limit = limit;
}

import { RateLimiter } from '#config';
import { LogOverloaded, LogUnavailable } from '#event-log';
import type { IngestRequest, IngestResult, IngestService } from './ingest.service.ts';
import type { KeyHolder } from './write-keys.ts';

/** How a request ended. */
export type IntakeOutcome =
  | { readonly outcome: 'stored'; readonly result: IngestResult }
  /** Its key has sent more than its source may. */
  | { readonly outcome: 'limited'; readonly retryAfterSeconds: number }
  /** The log promises nothing: the same may be sent again. */
  | { readonly outcome: 'unavailable'; readonly retryAfterSeconds: number };

/** What the collector tells of its work; the shell turns it into metrics. */
export interface IntakeMonitor {
  ingested(result: IngestResult): void;
  /** Items of a request over its key's limit. */
  limited(items: number): void;
  /** A request was turned away unread, because too much was under way. */
  turnedAway(): void;
  /** A click or an open that could not be stored; its person got page or picture all the same. */
  linkLost(): void;
}

const LOG_RETRY_AFTER_SECONDS = 2;

/** The collector's inner door, the same for every path: the limit of the key, then the log. */
export class Intake {
  readonly #limiter = new RateLimiter();

  constructor(
    private readonly service: IngestService,
    readonly monitor: IntakeMonitor,
    readonly now: () => number,
  ) {}

  /** Stores the items of a request, if its key may send them now. */
  async take({ source, keyId }: KeyHolder, request: Omit<IngestRequest, 'from'>): Promise<IntakeOutcome> {
    const { items } = request;
    if (source.rateLimit !== null) {
      const verdict = this.#limiter.take(keyId, source.rateLimit, items.length, performance.now());
      if (verdict.outcome === 'limited') {
        this.monitor.limited(items.length);
        return verdict;
      }
    }
    try {
      const result = await this.service.ingest({ ...request, from: source });
      this.monitor.ingested(result);
      return { outcome: 'stored', result };
    } catch (error) {
      if (!(error instanceof LogUnavailable || error instanceof LogOverloaded)) throw error;
      return { outcome: 'unavailable', retryAfterSeconds: LOG_RETRY_AFTER_SECONDS };
    }
  }
}

import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { EventId } from '#kernel';
import { messageOf } from '#kernel';
import type { Monitor } from '#projection';
import type { Alert } from '#quality';

/** Log lines of the process; fields hold no personal data and no secret. */
export interface LogLines {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How far one projection is behind the log. */
export interface Lag {
  readonly projection: string;
  readonly position: bigint;
  /** Touchpoints in the log that it has not seen. */
  readonly events: number;
  /** Age of the oldest of these, seconds; 0 when caught up. */
  readonly seconds: number;
}

/** The metrics of a process, and its monitor of the projections. */
export class Metrics implements Monitor {
  readonly #registry = new Registry();
  readonly #ingested: Counter;
  readonly #folded: Counter;
  readonly #rows: Counter;
  readonly #published: Counter;
  readonly #retries: Counter;
  readonly #shed: Counter;
  readonly #violations: Counter;
  readonly #lostLinks: Counter;
  readonly #squashed: Counter;
  readonly #squashParts: Gauge;

  constructor(
    private readonly lines: LogLines,
    measureLag: () => Promise<readonly Lag[]>,
  ) {
    const registers = [this.#registry];
    const counter = (name: string, help: string, labelNames: string[]): Counter =>
      new Counter({ name, help, labelNames, registers });
    collectDefaultMetrics({ register: this.#registry });
    this.#ingested = counter('temas_ingest_items_total', 'Items of ingest requests by outcome.', ['outcome']);
    this.#folded = counter('temas_projection_events_total', 'Events folded, by what became of them.', [
      'outcome',
    ]);
    this.#rows = counter('temas_warehouse_rows_total', 'Rows inserted into the warehouse.', []);
    this.#published = counter('temas_published_decisions_total', 'Decisions appended to profile streams.', [
      'kind',
    ]);
    this.#retries = counter('temas_projection_retries_total', 'Steps that failed and were tried again.', [
      'step',
    ]);
    this.#shed = counter('temas_ingest_turned_away_total', 'What was told to come back later, by reason.', [
      'reason',
    ]);
    this.#violations = counter('temas_schema_violations_total', 'Touchpoints that break their schema.', [
      'source',
      'outcome',
    ]);
    this.#lostLinks = counter('temas_mail_links_lost_total', 'Opens and clicks that were not stored.', []);
    this.#squashed = counter(
      'temas_warehouse_squashed_overrides_total',
      'Moves of identifiers and visits that were folded into the rows.',
      [],
    );
    this.#squashParts = new Gauge({
      name: 'temas_warehouse_squash_parts_left',
      help: 'Parts that the squash under way has still to rewrite; 0 between two.',
      registers,
    });
    const gauge = (name: string, help: string): Gauge =>
      new Gauge({ name, help, labelNames: ['projection'], registers });
    const position = gauge('temas_projection_position', 'Log position that the projection has passed.');
    const lagSeconds = gauge(
      'temas_projection_lag_seconds',
      'Age of the oldest touchpoint not yet seen; 0 if none.',
    );
    new Gauge({
      name: 'temas_projection_lag_events',
      help: 'Touchpoints in the log that the projection has not seen (counted up to 50,000).',
      labelNames: ['projection'],
      registers,
      async collect() {
        for (const lag of await measureLag()) {
          this.set({ projection: lag.projection }, lag.events);
          lagSeconds.set({ projection: lag.projection }, lag.seconds);
          position.set({ projection: lag.projection }, Number(lag.position));
        }
      },
    });
  }

  /** Media type of the exposition. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in Prometheus' text form. */
  expose(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Rules of data quality as a metric, asked at every scrape. */
  watchAlerts(measure: () => Promise<readonly (Alert & { readonly workspace: string })[]>): void {
    new Gauge({
      name: 'temas_quality_alert',
      help: 'Rules of data quality: 1 fires, 0 does not, -1 where too little came to say.',
      labelNames: ['workspace', 'rule', 'source', 'kind'],
      registers: [this.#registry],
      async collect() {
        this.reset();
        // A warehouse that is out must not take the other metrics along: its own tell of it.
        for (const { workspace, rule, source, kind, state } of await measure().catch(() => [])) {
          this.set({ workspace, rule, source, kind }, { firing: 1, ok: 0, unknown: -1 }[state]);
        }
      },
    });
  }

  /** Whether this projector is the active one as a metric, asked at every scrape. */
  watchRole(isActive: () => boolean): void {
    new Gauge({
      name: 'temas_projector_active',
      help: '1 if this projector is the active one, 0 on standby. The sum over all must be 1.',
      registers: [this.#registry],
      collect() {
        this.set(isActive() ? 1 : 0);
      },
    });
  }

  /** An ingest request was answered. */
  ingested({ accepted, errors }: { accepted: number; errors: readonly unknown[] }): void {
    this.#ingested.inc({ outcome: 'accepted' }, accepted);
    if (errors.length > 0) this.#ingested.inc({ outcome: 'refused' }, errors.length);
  }

  /** Items of a request over its key's limit. */
  limited(items: number): void {
    this.#shed.inc({ reason: 'rate_limit_items' }, items);
  }

  /** A request was turned away unread. */
  turnedAway(): void {
    this.#shed.inc({ reason: 'overload_requests' });
  }

  /** An open or a click could not be stored. */
  linkLost(): void {
    this.#lostLinks.inc();
  }

  /** A touchpoint breaks its schema. */
  violated({ source, outcome }: { source: string; outcome: 'kept' | 'refused' }): void {
    this.#violations.inc({ source, outcome });
  }

  folded({ fresh, repeated, unreadable }: Parameters<Monitor['folded']>[0]): void {
    this.#folded.inc({ outcome: 'folded' }, fresh);
    this.#folded.inc({ outcome: 'repeated' }, repeated);
    this.#folded.inc({ outcome: 'unreadable' }, unreadable);
  }

  differingDuplicates(ids: readonly EventId[]): void {
    this.#folded.inc({ outcome: 'differing' }, ids.length);
    this.lines.warn(
      { count: ids.length, first: ids[0] },
      'event ids came again with other content; the first one stays',
    );
  }

  broken(ids: readonly EventId[]): void {
    this.#folded.inc({ outcome: 'broken' }, ids.length);
    this.lines.error(
      { count: ids.length, first: ids[0] },
      'events do not open with their key: log or key store is damaged',
    );
  }

  inserted({ rows }: { rows: number }): void {
    this.#rows.inc(rows);
  }

  published({ decisions, corrections }: { decisions: number; corrections: number }): void {
    this.#published.inc({ kind: 'decision' }, decisions);
    this.#published.inc({ kind: 'correction' }, corrections);
  }

  squashing(partsLeft: number): void {
    this.#squashParts.set(partsLeft);
  }

  squashed({ overrides, busyMs }: { overrides: number; busyMs: number }): void {
    this.#squashed.inc(overrides);
    this.lines.info({ overrides, busyMs: Math.round(busyMs) }, 'overrides were folded into the rows');
  }

  retrying(step: string, error: unknown): void {
    this.#retries.inc({ step });
    this.lines.error({ step, error: messageOf(error) }, 'a projection step failed and is tried again');
  }
}

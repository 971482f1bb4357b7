import { ConfigFollower } from '#config';
import type { Source } from '#config';
import type { Workspace } from '#kernel';
import { judgeRule } from '#quality';
import type { Alert, QualityDay, SourceFacts } from '#quality';
import { databaseOf, FAULTY_EVENT } from '#warehouse';
import type { Reading } from './reading.ts';

/** Days of arrival that are asked for, UTC, ISO dates; both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const HOUR_MS = 3_600_000;

/** Answers about data quality, from the warehouse. */
export class QualityService {
  constructor(
    private readonly reading: Reading,
    private readonly config: ConfigFollower,
    private readonly now: () => number,
    private readonly workspaces: readonly Workspace[],
  ) {}

  /** Today, UTC, ISO date; and the first of the 30 days that end with it. */
  get lastDays(): Period {
    const now = this.now();
    const iso = (at: number): string => new Date(at).toISOString().slice(0, 10);
    return { from: iso(now - 29 * 24 * HOUR_MS), to: iso(now) };
  }

  /** Names of the sources of a workspace. */
  sources(workspace: Workspace): string[] {
    return [...this.config.state(workspace).sources.keys()].sort();
  }

  /** Counts by source and day, in the order of days. `source`: `null` for all. */
  async days(workspace: Workspace, { from, to }: Period, source: string | null): Promise<QualityDay[]> {
    const rows = await this.reading.warehouse.query<Record<string, unknown>>(
      `SELECT * EXCEPT (workspace, last_received_at, validity, completeness, duplicate_rate)
       FROM ${databaseOf(workspace)}.data_quality
       WHERE day BETWEEN {from:Date} AND {to:Date} AND ({source:String} = '' OR source = {source:String})
       ORDER BY day, source`,
      { from, to, source: source ?? '' },
    );
    return rows.map((row) => {
      const counts = Object.entries(row).map(([name, value]): [string, unknown] => [
        name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        name === 'day' || name === 'source' ? value : Number(value),
      ]);
      return Object.fromEntries(counts) as unknown as QualityDay;
    });
  }

  /** How every rule stands now, at each source that it is for. */
  async alerts(workspace: Workspace): Promise<Alert[]> {
    const { sources, qualityRules } = this.config.state(workspace);
    if (qualityRules.size === 0) return [];
    const now = this.now();
    const lastAt = await this.#lastArrivals(workspace);
    const windows = new Map<number, ReadonlyMap<string, Pick<SourceFacts, 'items' | 'valid'>>>();
    const alerts: Alert[] = [];
    for (const rule of qualityRules.values()) {
      const { condition, source } = rule;
      if (condition.kind === 'validity' && !windows.has(condition.hours)) {
        windows.set(condition.hours, await this.#window(workspace, now - condition.hours * HOUR_MS));
      }
      const asked: Source[] = [...sources.values()].filter((one) => source === null || one.source === source);
      for (const one of asked) {
        const measured = windows.get(condition.hours)?.get(one.source) ?? { items: 0, valid: 0 };
        alerts.push(judgeRule(rule, one, { lastAt: lastAt.get(one.source) ?? null, ...measured }, now));
      }
    }
    return alerts;
  }

  /** How the rules of all workspaces stand; none while the warehouse is starting. */
  async allAlerts(): Promise<(Alert & { readonly workspace: string })[]> {
    if (!this.reading.isOpen) return [];
    const alerts = await Promise.all(
      this.workspaces.map(async (workspace) =>
        (await this.alerts(workspace)).map((alert) => ({ ...alert, workspace })),
      ),
    );
    return alerts.flat();
  }

  /** Arrival of the last item of each source, stored or not, ms since 1970 UTC. */
  async #lastArrivals(workspace: Workspace): Promise<ReadonlyMap<string, number>> {
    const database = databaseOf(workspace);
    const rows = await this.reading.warehouse.query<{ source: string; last: string }>(
      `SELECT source, toUnixTimestamp64Milli(max(at)) AS last FROM (
         SELECT source, max(received_at) AS at FROM ${database}.events GROUP BY source
         UNION ALL SELECT source, max(last_at) AS at FROM ${database}.arrival_tallies GROUP BY source
       ) GROUP BY source`,
    );
    return new Map(rows.map(({ source, last }) => [source, Number(last)]));
  }

  /** What came since a moment, ms since 1970 UTC, by source. */
  async #window(
    workspace: Workspace,
    since: number,
  ): Promise<ReadonlyMap<string, Pick<SourceFacts, 'items' | 'valid'>>> {
    const database = databaseOf(workspace);
    const rows = await this.reading.warehouse.query<{ source: string; items: string; valid: string }>(
      `WITH fromUnixTimestamp64Milli({since:Int64}, 'UTC') AS since
       SELECT source, sum(came) AS items, sum(good) AS valid FROM (
         SELECT source, count() AS came, countIf(NOT ${FAULTY_EVENT}) AS good
         FROM ${database}.events WHERE recorded_at >= since AND received_at >= since GROUP BY source
         UNION ALL SELECT source, sum(items) AS came, 0 AS good
         FROM ${database}.arrival_tallies WHERE outcome = 'refused' AND last_at >= since GROUP BY source
       ) GROUP BY source`,
      { since: Math.round(since) },
    );
    return new Map(
      rows.map(({ source, items, valid }) => [source, { items: Number(items), valid: Number(valid) }]),
    );
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  columnNames,
  createViews,
  EVENTS,
  IDENTITY_OVERRIDES,
  lastingName,
  migrate,
  MODEL_RUNS,
  ORDERS,
  OVERRIDES,
  reloadDictionary,
  startEmbeddedWarehouse,
  type Table,
  tableName,
  type Warehouse,
} from '#warehouse';
import type { Statement } from '../query/statement.ts';
import type { TestEvent } from './events.ts';
import type { Commerce } from './stages.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A person's or a visit's id by a small number. */
export function idOf(number: number): string {
  return `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`;
}

/** What is there beside the events. */
export interface Beside {
  /** Who is who: anchors that were moved to another person after their rows were written. */
  readonly moved: ReadonlyMap<number, number>;
  readonly commerce?: Commerce;
}

/** A real engine with the real views, in which each stream of events is a workspace of its own. */
export class JourneyWorld {
  #streams = 0;

  private constructor(
    readonly warehouse: Warehouse,
    private readonly path: string,
  ) {}

  /** Starts an engine. */
  static async start(): Promise<JourneyWorld> {
    const path = await mkdtemp(join(tmpdir(), 'temas-journey-'));
    const warehouse = await startEmbeddedWarehouse({ path });
    await migrate(warehouse, 1);
    return new JourneyWorld(warehouse, path);
  }

  /** Writes events in the order given, as by their anchors' first persons; answers the database to ask. */
  async put(events: readonly TestEvent[], { moved, commerce }: Beside): Promise<string> {
    const stream = this.#streams++;
    const workspace = `w${stream}`;
    // Identifiers are never in two workspaces.
    const anchorOf = (anchor: number): string => String(stream * 1_000 + anchor);
    await createViews(this.warehouse, workspace, 1);
    await this.#insert(
      EVENTS,
      workspace,
      events.map((event) => ({
        event_id: idOf(event.position),
        position: String(event.position),
        kind: event.kind,
        event: event.event,
        occurred_at: clickHouse(event.at),
        anchor_id: anchorOf(event.anchor),
        profile_id: event.person === '' ? NOBODY : idOf(event.anchor),
        session_id: event.session === '' ? NOBODY : event.session,
        campaign: event.campaign,
        url: event.url ?? '',
        referrer: event.referrer ?? '',
        utm_source: event.utm_source ?? '',
        utm_medium: event.utm_medium ?? '',
        click_id: event.click_id ?? '',
        properties: JSON.stringify(event.properties),
        context: JSON.stringify(event.context ?? {}),
        traits: JSON.stringify(event.traits),
        is_bot: event.bot ? 1 : 0,
      })),
    );
    await this.#insert(
      IDENTITY_OVERRIDES,
      workspace,
      [...moved].map(([anchor, to]) => ({ anchor_id: anchorOf(anchor), profile_id: idOf(to), version: '9' })),
    );
    if (commerce !== undefined) await this.#insertCommerce(workspace, commerce, anchorOf);
    for (const override of OVERRIDES) await reloadDictionary(this.warehouse, override, 1);
    return `temas_${workspace}`;
  }

  /** Runs a statement. */
  ask<T>({ sql, params }: Statement): Promise<T[]> {
    return this.warehouse.query<T>(sql, params);
  }

  /** Ends the engine and removes its data. */
  async close(): Promise<void> {
    await this.warehouse.close();
    await rm(this.path, { recursive: true });
  }

  async #insertCommerce(
    workspace: string,
    { orders, thresholds }: Commerce,
    anchorOf: (anchor: number) => string,
  ): Promise<void> {
    await this.#insert(
      ORDERS,
      workspace,
      orders.map(({ anchor, at, status, isReturn }, i) => ({
        order_id: `o${i}`,
        anchor_id: anchorOf(anchor),
        profile_id: idOf(anchor),
        ordered_at: clickHouse(at),
        status,
        currency: 'EUR',
        flags: isReturn ? ['amount_negative'] : [],
      })),
    );
    if (thresholds === undefined) return;
    const { activeDays, lapsedDays } = thresholds;
    const run = { run_id: idOf(1), ordinal: 1, status: 'succeeded', basis: 'purchases' };
    const days = { active_days: activeDays, lapsed_days: lapsedDays };
    await this.#insert(MODEL_RUNS, workspace, [{ ...run, ...days }], lastingName(MODEL_RUNS));
  }

  async #insert(
    table: Table,
    workspace: string,
    rows: readonly Record<string, unknown>[],
    name = tableName(table, 1),
  ): Promise<void> {
    if (rows.length === 0) return;
    const lines = rows.map((row) =>
      JSON.stringify(table.columns.map(({ name, type }) => ({ workspace, ...row })[name] ?? absent(type))),
    );
    const text = Buffer.from(`${lines.join('\n')}\n`);
    await this.warehouse.insert(name, text, columnNames(table), `${table.name}-${workspace}`);
  }
}

function clickHouse(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

function absent(type: string): unknown {
  if (type === 'UUID') return NOBODY;
  if (type.startsWith('DateTime64')) return '2026-01-01 00:00:00.000';
  if (type.startsWith('Array')) return [];
  if (type.startsWith('Nullable')) return null;
  if (type === 'Date32') return '1970-01-01';
  return type.startsWith('UInt') || type.startsWith('Decimal') ? '0' : '';
}

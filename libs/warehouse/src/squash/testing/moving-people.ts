import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '#kernel';
import type { RowSink, Squashed } from '#projection';
import { WarehouseUnavailable } from '../../errors.ts';
import { warehouseSink } from '../../rows/warehouse-sink.ts';
import type { Table } from '../../schema/table.ts';
import {
  ACCOUNT_MEMBERS,
  CONSENT_CHOICES,
  EVENTS,
  IDENTITY_OVERRIDES,
  ORDER_ITEMS,
  ORDERS,
  SESSION_OVERRIDES,
  SESSIONS,
} from '../../schema/tables.ts';
import { tableLine } from '../../testing/table-row.ts';
import type { Warehouse } from '../../warehouse.port.ts';

const ANCHORS = 40;
const PEOPLE = 12;
const SESSIONS_PER_ANCHOR = 3;

/** Relations whose rows belong to an identifier. */
export const OWNED = ['events', 'orders', 'order_items', 'sessions', 'account_members', 'consent_choices'];

interface Inserted {
  readonly table: Table;
  readonly lines: readonly string[];
}

type Put = (table: Table, values: Readonly<Record<string, unknown>>) => void;

/**
 * A little world whose identifiers move between people at random, and back, and whose visits are joined; it knows
 * who everybody is. Rows go the way of the follower: insert under a token, settle, squash.
 */
export class MovingPeople {
  readonly #sink: RowSink;
  readonly #owner = new Map<number, string>();
  readonly #visit = new Map<string, string>();
  readonly #written: Inserted[][] = [];
  #position = 1_000_000;
  #next: () => number;

  constructor(
    private readonly warehouse: Warehouse,
    seed: number,
    squashAfter: number,
    generation = 1,
  ) {
    this.#sink = warehouseSink(warehouse, generation, squashAfter);
    this.#next = seeded(seed);
    for (let anchor = 1; anchor <= ANCHORS; anchor++) this.#owner.set(anchor, this.#somebody());
  }

  /** Person of an identifier now. */
  ownerOf(anchor: number): string {
    return this.#owner.get(anchor) as string;
  }

  /** Identifiers, of which the odd ones are moved by {@link live} only if it is told so. */
  get anchors(): number[] {
    return [...this.#owner.keys()];
  }

  /** Everything up to here is inserted and settled. */
  get settled(): Position {
    return BigInt(this.#position) as Position;
  }

  /** Some rows, some moves and some joined visits in one batch, as the follower would bring it. */
  async live(who: 'all' | 'even' = 'all'): Promise<void> {
    const batch = new Map<Table, string[]>();
    const put: Put = (table, values) => {
      batch.set(table, [...(batch.get(table) ?? []), tableLine(table, values)]);
    };
    for (let n = 0; n < 60; n++) this.#happen(put, this.#some(this.anchors));
    const movable = this.anchors.filter((anchor) => who === 'all' || anchor % 2 === 0);
    for (let n = 0; n < 20; n++) this.#move(put, this.#some(movable), this.#somebody());
    this.#join(put, this.#some(movable));
    for (let n = 0; n < 20; n++) this.#happen(put, this.#some(movable));
    await this.#bring([...batch].map(([table, lines]) => ({ table, lines })));
  }

  /** One identifier goes to a person: a merge or a split. */
  async moveOne(anchor: number, person: string): Promise<void> {
    const lines: string[] = [];
    this.#move((table, values) => lines.push(tableLine(table, values)), anchor, person);
    await this.#bring([{ table: IDENTITY_OVERRIDES, lines }]);
  }

  /** The same history again in another generation that is never squashed. */
  async replayInto(generation: number): Promise<void> {
    const sink = warehouseSink(this.warehouse, generation, Number.MAX_SAFE_INTEGER);
    const lines = new Map<Table, string[]>();
    for (const { table, lines: more } of this.#written.flat())
      lines.set(table, [...(lines.get(table) ?? []), ...more]);
    for (const [table, all] of lines) await insert(sink, table, all, 'replay');
    await sink.settle();
  }

  squash(signal: AbortSignal = new AbortController().signal): Promise<Squashed> {
    return this.#sink.squash(this.settled, signal, () => undefined);
  }

  /** What readers see that is not so; empty where all is well. */
  async wrongAnswers(anchors: readonly number[] = this.anchors): Promise<string[]> {
    const wrong: string[] = [];
    for (const relation of OWNED) {
      const rows = await this.#ask<{ anchor: string; people: string[] }>(
        `SELECT anchor_id AS anchor, groupUniqArray(profile_id) AS people FROM temas.${relation} GROUP BY anchor`,
      );
      for (const { anchor, people } of rows) {
        const owner = this.ownerOf(Number(anchor));
        if (anchors.includes(Number(anchor)) && (people.length !== 1 || people[0] !== owner))
          wrong.push(`${relation} ${anchor}: ${people.join(' ')} instead of ${owner}`);
      }
    }
    const visits = await this.#ask<{ anchor: string; device: string; visits: string[] }>(
      `SELECT anchor_id AS anchor, anonymous_id AS device, groupUniqArray(session_id) AS visits
       FROM temas.events GROUP BY anchor, device`,
    );
    for (const { anchor, device, visits: seen } of visits) {
      const visit = this.#visitOf(device);
      if (anchors.includes(Number(anchor)) && (seen.length !== 1 || seen[0] !== visit))
        wrong.push(`visit ${device}: ${seen.join(' ')} instead of ${visit}`);
    }
    return wrong;
  }

  /** Rows that still hold another person than readers see. */
  async stale(): Promise<number> {
    const [row] = await this.warehouse.query<{ n: string }>(
      `SELECT countIf(s.profile_id != v.profile_id) AS n
       FROM temas_store.events_v1 AS s INNER JOIN temas.events AS v ON v.event_id = s.event_id`,
    );
    return Number(row?.n);
  }

  #move(put: Put, anchor: number, person: string): void {
    this.#owner.set(anchor, person);
    const version = String(++this.#position);
    put(IDENTITY_OVERRIDES, { anchor_id: String(anchor), profile_id: person, version });
  }

  #happen(put: Put, anchor: number): void {
    const position = ++this.#position;
    const version = String(position);
    const owned = { anchor_id: String(anchor), profile_id: this.ownerOf(anchor), version };
    const device = `${anchor}-${Math.floor(this.#next() * SESSIONS_PER_ANCHOR)}`;
    const month = 1 + Math.floor(this.#next() * 4);
    put(EVENTS, {
      ...owned,
      event_id: uuid(position),
      position: version,
      anonymous_id: device,
      session_id: this.#visitOf(device),
      recorded_at: `2026-0${month}-01 00:00:00.000`,
    });
    if (this.#next() < 0.3) {
      put(ORDERS, { ...owned, order_id: `o-${anchor}` });
      put(ORDER_ITEMS, { ...owned, order_id: `o-${anchor}`, line: 1 });
    }
    if (this.#next() < 0.3) put(SESSIONS, { ...owned, session_id: this.#visitOf(device) });
    if (this.#next() < 0.2) put(ACCOUNT_MEMBERS, { ...owned, account_id: 'acme' });
    if (this.#next() < 0.2) put(CONSENT_CHOICES, { ...owned, purpose: 'analytics', granted: 1 });
  }

  /** The second visit of an identifier turns out to be part of the first, then the third, as sessions tell it. */
  #join(put: Put, anchor: number): void {
    const to = this.#visitOf(`${anchor}-0`);
    const from = this.#visitOf(`${anchor}-${1 + Math.floor(this.#next() * 2)}`);
    if (from === to) return;
    for (let n = 0; n < SESSIONS_PER_ANCHOR; n++) {
      const device = `${anchor}-${n}`;
      if (this.#visitOf(device) === from) this.#visit.set(device, to);
    }
    const version = String(++this.#position);
    put(SESSION_OVERRIDES, { session_id: from, moved_to: to, version });
  }

  #visitOf(device: string): string {
    const [anchor, n] = device.split('-').map(Number) as [number, number];
    return this.#visit.get(device) ?? uuid(anchor * 100 + n);
  }

  #ask<T>(sql: string): Promise<T[]> {
    return whenThere(() => this.warehouse.query<T>(sql));
  }

  async #bring(batch: readonly Inserted[]): Promise<void> {
    this.#written.push([...batch]);
    const order = (table: Table): number => (table === EVENTS ? 0 : 1);
    const token = `to-${this.#position}`;
    await whenThere(async () => {
      for (const { table, lines } of [...batch].sort((a, b) => order(a.table) - order(b.table)))
        await insert(this.#sink, table, lines, token);
      await this.#sink.settle();
    });
  }

  #some<T>(things: readonly T[]): T {
    return things[Math.floor(this.#next() * things.length)] as T;
  }

  #somebody(): string {
    return uuid(900_000 + Math.floor(this.#next() * PEOPLE));
  }
}

/** Tries again while the engine is away: it was killed a moment ago. */
async function whenThere<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WarehouseUnavailable)) throw error;
      await pause(50);
    }
  }
}

function insert(sink: RowSink, table: Table, lines: readonly string[], token: string): Promise<void> {
  return sink.insert({ table: table.name, count: lines.length, rows: Buffer.from(lines.join('')) }, token);
}

function uuid(n: number): string {
  return `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;
}

/** Random numbers that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

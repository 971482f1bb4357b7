import { TemasError } from '#kernel';
import type { CommandFact, FoldedBlock, RowSink, TableRows, TouchpointFact } from '#projection';
import { OVERRIDES, reloadDictionary, type Override } from '../schema/overrides.ts';
import { columnNames, tableName } from '../schema/table.ts';
import type { Table } from '../schema/table.ts';
import {
  ACCOUNT_MEMBERS,
  ACCOUNTS,
  ARRIVAL_TALLIES,
  CONSENT_CHOICES,
  CORRECTIONS,
  DERIVATIONS,
  EVENTS,
  IDENTITIES,
  IDENTITIES_HISTORY,
  IDENTITY_DECISIONS,
  IDENTITY_OVERRIDES,
  MATCH_KEYS,
  ORDER_ITEMS,
  ORDERS,
  PROFILE_ALIASES,
  PROFILES,
  SESSION_OVERRIDES,
  SESSIONS,
  TABLES,
} from '../schema/tables.ts';
import { eraseRows } from '../erasure/erase-rows.ts';
import { squash } from '../squash/squash.ts';
import { MAX_INSERT_ROWS } from '../warehouse.port.ts';
import type { Warehouse } from '../warehouse.port.ts';
import {
  accountMemberRow,
  accountRow,
  consentRows,
  orderItemRows,
  orderRow,
  sessionMoveRow,
  sessionRow,
} from './activity-rows.ts';
import { correctionRows, matchKeyRows } from './correction-rows.ts';
import { arrivalRow } from './arrival-row.ts';
import { decisionRows, overrideRows } from './decision-rows.ts';
import { eventRow } from './event-row.ts';
import { aliasRows, derivationRows, identityHistoryRows } from './history-rows.ts';
import { identityRow, profileRow } from './profile-row.ts';

const LINE_FEED = 0x0a;

/**
 * Takes folded blocks to the tables of one generation.
 *
 * @param squashAfter open overrides of a kind from which on `squash` folds them into the rows
 */
export function warehouseSink(warehouse: Warehouse, generation: number, squashAfter: number): RowSink {
  const unread = new Set<Override>();
  return {
    rowsOf: tableRowsOf,
    async insert({ table: name, count, rows }: TableRows, token: string): Promise<void> {
      const table = tableOf(name);
      for (const override of OVERRIDES) if (override.table === table) unread.add(override);
      const target = tableName(table, generation);
      const columns = columnNames(table);
      if (count <= MAX_INSERT_ROWS) return warehouse.insert(target, rows, columns, token);
      let part = 0;
      for (const lines of linesBy(rows, MAX_INSERT_ROWS)) {
        await warehouse.insert(target, lines, columns, `${token}#${part++}`);
      }
    },
    erase: (rows) => eraseRows(warehouse, generation, rows),
    async settle(): Promise<void> {
      for (const override of unread) {
        await reloadDictionary(warehouse, override, generation);
        unread.delete(override);
      }
    },
    squash: (settled, signal, progress) =>
      squash({ warehouse, generation, after: squashAfter, signal, progress }, settled),
  };
}

/** Rows of all tables that a block changed; the same block gives the same bytes. */
export function tableRowsOf(block: FoldedBlock): TableRows[] {
  const { facts, profiles, identifiers } = block;
  const causes = [...facts, ...block.commands].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const events = facts.map(eventRow).filter((row) => row !== undefined);
  return [
    encode(EVENTS, events),
    encode(IDENTITY_DECISIONS, causes.flatMap(decisionRows)),
    encode(IDENTITY_OVERRIDES, causes.flatMap(overrideRows)),
    encode(PROFILES, profiles.map(profileRow)),
    encode(IDENTITIES, identifiers.map(identityRow)),
    encode(ORDERS, block.orders.map(orderRow)),
    encode(ORDER_ITEMS, block.orders.flatMap(orderItemRows)),
    encode(SESSIONS, block.sessions.map(sessionRow)),
    encode(SESSION_OVERRIDES, block.sessionMoves.map(sessionMoveRow)),
    encode(ACCOUNTS, block.accounts.map(accountRow)),
    encode(ACCOUNT_MEMBERS, block.memberships.map(accountMemberRow)),
    encode(CONSENT_CHOICES, block.consents.flatMap(consentRows)),
    encode(IDENTITIES_HISTORY, causes.flatMap(identityHistoryRows)),
    encode(PROFILE_ALIASES, causes.flatMap(aliasRows)),
    encode(DERIVATIONS, facts.flatMap(derivationRows)),
    encode(CORRECTIONS, block.corrections.flatMap(correctionRows)),
    encode(ARRIVAL_TALLIES, block.arrivals.map(arrivalRow)),
    encode(MATCH_KEYS, identifiers.flatMap(matchKeyRows)),
  ].filter(({ count }) => count > 0);
}

function placeOf(cause: TouchpointFact | CommandFact): bigint {
  return 'touchpoint' in cause ? cause.touchpoint.position : cause.position;
}

function encode(table: Table, rows: readonly unknown[][]): TableRows {
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return { table: table.name, count: rows.length, rows: Buffer.from(lines, 'utf8') };
}

function* linesBy(rows: Buffer, perPart: number): Generator<Buffer> {
  let start = 0;
  let lines = 0;
  for (let end = rows.indexOf(LINE_FEED); end >= 0; end = rows.indexOf(LINE_FEED, end + 1)) {
    if (++lines % perPart !== 0) continue;
    yield rows.subarray(start, end + 1);
    start = end + 1;
  }
  if (start < rows.length) yield rows.subarray(start);
}

function tableOf(name: string): Table {
  const table = TABLES.find((candidate) => candidate.name === name);
  if (table === undefined) throw new TemasError('WAREHOUSE.UNKNOWN_TABLE', `there is no table ${name}`);
  return table;
}

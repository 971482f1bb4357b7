import type { SourceName, Workspace } from '#kernel';
import { databaseOf, type Warehouse } from '#warehouse';

/** What a source brought, by what and then by name. */
export interface Contributions {
  /** Touchpoints by kind. */
  readonly events: Readonly<Record<string, number>>;
  /** Identifiers that it named before any other source, by namespace. */
  readonly identifiers: Readonly<Record<string, number>>;
  /** Traits of people of which it has the last word, by name. */
  readonly traitsCurrent: Readonly<Record<string, number>>;
  /** Traits of people on which it had a say, and another source has the last word. */
  readonly traitsLost: Readonly<Record<string, number>>;
  /** What identity decided because of its touchpoints, by kind: `ProfilesMerged`, `LinkRejected`, … */
  readonly decisions: Readonly<Record<string, number>>;
}

const PARTS: Readonly<Record<string, keyof Contributions>> = {
  events: 'events',
  identifiers: 'identifiers',
  traits_current: 'traitsCurrent',
  traits_lost: 'traitsLost',
  decisions: 'decisions',
};

/** Counts what a source brought; a source that sent nothing brought nothing. */
export async function readContributions(
  warehouse: Warehouse,
  workspace: Workspace,
  source: SourceName,
): Promise<Contributions> {
  const rows = await warehouse.query<{ contribution: string; name: string; count: string }>(
    `SELECT contribution, name, count FROM ${databaseOf(workspace)}.source_contributions
     WHERE source = {source:String} ORDER BY contribution, name`,
    { source },
  );
  const found: { -readonly [Part in keyof Contributions]: Record<string, number> } = {
    events: {},
    identifiers: {},
    traitsCurrent: {},
    traitsLost: {},
    decisions: {},
  };
  for (const { contribution, name, count } of rows) {
    const part = PARTS[contribution];
    if (part !== undefined) found[part][name] = Number(count);
  }
  return found;
}

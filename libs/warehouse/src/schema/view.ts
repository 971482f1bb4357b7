import type { Column } from './table.ts';

/** What analysts find under a name: a SELECT over one generation's tables. */
export interface View {
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly Column[];
  /** Columns that order its rows; unique together inside a workspace. */
  readonly key: readonly string[];
  /** The rows of a workspace. */
  select(workspace: string, generation: number): string;
}

/** A record that could be read. */
export interface FileRecord {
  /**
   * Number of the physical line on which it starts, from 1: header, skipped and empty lines count. In Parquet the
   * number of the row, from 1. Never changes for the same bytes, whatever the mapping says; message ids rest on it.
   */
  readonly line: number;
  /** Values by column: texts, or what JSON and Parquet hold. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A record, or what stands in its place. */
export type ReadRecord =
  | ({ readonly outcome: 'read' } & FileRecord)
  | {
      readonly outcome: 'unreadable';
      readonly line: number;
      readonly reason: string;
      /** Its text as far as it is known, at most 1,000 characters. */
      readonly text: string;
    };

/**
 * One numbered step of the schema. Statements can be run again without harm (IF NOT EXISTS): a process may end
 * between a step and the note that it was taken. A later step that adds a column adds it to `tables.ts` too, so a
 * new generation has it from the start and the step finds nothing to do.
 */
export interface Migration {
  /** Number and name, such as `0001-identity-tables`. Never changed once released. */
  readonly id: string;
  statements(generation: number): readonly string[];
}

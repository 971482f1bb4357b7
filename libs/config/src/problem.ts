/** What is wrong with one field of a command. Never holds the value. */
export interface FieldProblem {
  /** Path of the field, `schema.properties.price.pattern`. */
  readonly field: string;
  readonly message: string;
  /** The limit that was passed, in the unit that `message` names. */
  readonly limit?: number;
}

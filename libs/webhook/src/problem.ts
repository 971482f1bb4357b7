/** What is wrong with a field of something that the API was given. Never holds its value. */
export interface Problem {
  /** Dotted path; empty for the whole. */
  readonly field: string;
  readonly message: string;
}

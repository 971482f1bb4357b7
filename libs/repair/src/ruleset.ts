/**
 * Version of everything that guesses: the curated tables of e-mail domains and their order. Stands in the provenance
 * of each correction; any change of those tables or rules raises it.
 */
export const RULESET_VERSION = 2;

/**
 * Version of the built-in mappings. Raised with every change of what `mapItem` makes of an item, so that a projection
 * can tell with which mapping its rows were written; a rebuild brings older items to the newest.
 */
export const MAPPING_VERSION = 2;

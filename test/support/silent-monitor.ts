import type { Monitor } from '#projection';

/** Hears everything and tells nobody. */
export const SILENT: Monitor = {
  folded: () => undefined,
  differingDuplicates: () => undefined,
  broken: () => undefined,
  inserted: () => undefined,
  published: () => undefined,
  squashing: () => undefined,
  squashed: () => undefined,
  retrying: () => undefined,
};

/** The same, but what would be tried again is thrown. */
export const STRICT: Monitor = {
  ...SILENT,
  retrying: (_step, error) => {
    throw error;
  },
};

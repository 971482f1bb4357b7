/**
 * The rules by which touches are put into channels, checked by whoever set them; `null`: the default ones. Asked with every
 * question, so that a new rule also holds for what was long ago.
 */
export type ChannelRules = readonly Readonly<Record<string, unknown>>[] | null;

/**
 * Segments that Temas knows of everybody and whose past it knows, too. RFM cells and churn bands are none: only today's
 * are known, and today's value holds what a funnel's people did since.
 */
export const SEGMENTS = ['lifecycle'] as const;

/** A segment that an answer can be split by. */
export type Segment = (typeof SEGMENTS)[number];

/** Group of those who had bought nothing by then, and so were in no stage of the life cycle. */
export const NEVER_BOUGHT = 'never_bought';

/** The groups that a segment's people are in: everybody is in one of them at any moment. */
export const SEGMENT_GROUPS: Readonly<Record<Segment, readonly string[]>> = {
  lifecycle: [NEVER_BOUGHT, 'new', 'active', 'cooling', 'lapsed', 'won_back'],
};

/** Why a workspace may use national ids. */
export interface NationalIdsUse {
  /** What they are used for; stands in the log. No personal data. */
  readonly purpose: string;
  /** The law or the consent that it rests on. */
  readonly legalBasis: string;
}

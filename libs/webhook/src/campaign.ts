/** Parameters of an address that name a campaign, and the members of `context.campaign` that they become. */
const PARAMETERS: readonly (readonly [string, string])[] = [
  ['utm_campaign', 'name'],
  ['utm_source', 'source'],
  ['utm_medium', 'medium'],
  ['utm_term', 'term'],
  ['utm_content', 'content'],
  ['utm_id', 'id'],
];

/** The campaign that the query of an address (absolute or of this site) names, as in the Segment specification. */
export function campaignOf(address: string | undefined): Record<string, string> | undefined {
  const start = address?.indexOf('?') ?? -1;
  if (address === undefined || start < 0 || address.length > 8_000) return undefined;
  const query = new URLSearchParams(address.slice(start + 1).replace(/#.*$/s, ''));
  const campaign: Record<string, string> = {};
  for (const [parameter, name] of PARAMETERS) {
    const value = query.get(parameter)?.trim();
    if (value) campaign[name] = value;
  }
  return Object.keys(campaign).length === 0 ? undefined : campaign;
}

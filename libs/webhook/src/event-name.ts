/** Words that are not simply capitalised. */
const SPELLINGS: Readonly<Record<string, string>> = {
  sms: 'SMS',
  whatsapp: 'WhatsApp',
  nps: 'NPS',
  ces: 'CES',
  csat: 'CSAT',
  id: 'ID',
  url: 'URL',
  api: 'API',
};

/** A vendor's `group_unsubscribe` or `checkoutsDelete` as words: `Group Unsubscribe`. */
export function titled(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => SPELLINGS[word.toLowerCase()] ?? word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

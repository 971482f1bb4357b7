import type { Column } from '../schema/table.ts';

/** Columns that hold what people are or said, wherever they stand, and what analysts of a server see instead. */
const MASKS: Readonly<Record<string, (column: string) => string>> = {
  email: (column) => `if(${column} = '', '', concat('…@', splitByChar('@', ${column})[-1]))`,
  phone: hidden,
  display: json,
  user_ids: () => 'emptyArrayString()',
  user_id: hidden,
  anonymous_id: hidden,
  group_id: hidden,
  message_id: hidden,
  click_id: hidden,
  url: hidden,
  referrer: hidden,
  properties: json,
  context: json,
  traits: json,
  value: hidden,
  typed: hidden,
  match_key: hidden,
  correction_id: hidden,
  details: json,
  account_id: hidden,
  churn_reasons: hidden,
};

/** Columns that say nothing of a person by themselves. A text column on neither list fails the test of this folder. */
export const HARMLESS: ReadonlySet<string> = new Set([
  ...[
    'workspace',
    'source',
    'kind',
    'event',
    'channel',
    'campaign',
    'utm_source',
    'utm_medium',
    'path',
    'trust',
  ],
  ...[
    'flags',
    'violations',
    'identifiers',
    'namespace',
    'rule',
    'order_id',
    'status',
    'currency',
    'product_id',
  ],
  ...[
    'sku',
    'name',
    'category',
    'entry_path',
    'exit_path',
    'purpose',
    'model',
    'basis',
    'churn_band',
    'reason',
  ],
  ...['parameters', 'standard_errors', 'metrics', 'data_digest', 'request', 'stage', 'trait', 'contribution'],
  ...['outcome', 'rule_id', 'decided_by', 'profile_ids', 'code'],
]);

/** What stands in a column of the masked views. */
export function maskedColumn({ name }: Column): string {
  const mask = MASKS[name];
  return mask === undefined ? name : `${mask(name)} AS ${name}`;
}

/** True if the column's values are hidden. */
export function isPersonal({ name }: Column): boolean {
  return name in MASKS;
}

/** True if a column can hold text at all. */
export function isText({ type }: Column): boolean {
  return /String/.test(type);
}

function hidden(column: string): string {
  return `if(${column} = '', '', '…')`;
}

/** Text of JSON stays text of JSON. */
function json(column: string): string {
  return `if(${column} = '', '', '{}')`;
}

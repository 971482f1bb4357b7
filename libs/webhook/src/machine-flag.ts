/** Names under which vendors say that a machine did it. */
const MACHINE_FLAGS = [
  'sg_machine_open',
  'machine',
  'machine_open',
  'machine_click',
  'is_machine',
  'proxied',
  'prefetched',
  'bot',
  'is_bot',
  'isBot',
];

/** Whether the vendor itself marks an open or a click as a machine's. */
export function isFlaggedMachine(object: Readonly<Record<string, unknown>>): boolean {
  return MACHINE_FLAGS.some((name) => isYes(object[name])) || object.human === false;
}

/** Mailgun writes the kind of machine (`gmail`, `apple`, `generic`) instead of `true`, and an empty text for none. */
function isYes(value: unknown): boolean {
  if (typeof value === 'string')
    return !['', 'false', '0', 'no', 'none'].includes(value.trim().toLowerCase());
  return value === true || value === 1;
}

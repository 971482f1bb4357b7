import { isMachineAgent, type MachineAgent } from './machine-agent.ts';
import { objectOf, type JsonObject } from './json.ts';
import { personFields, type Person } from './person.ts';
import { NAME_LIMIT } from './topic.ts';

/** What a mapping has read from an item. */
export interface Reading {
  /** `track` if absent. */
  readonly type?: string;
  readonly event?: string;
  /** Name of a page or a screen. */
  readonly name?: string;
  readonly person: Person;
  /** The id that an alias replaces. */
  readonly previousId?: string;
  /** ISO 8601. */
  readonly timestamp?: string;
  readonly groupId?: string;
  readonly properties?: JsonObject;
  /** Traits of an identify. */
  readonly traits?: JsonObject;
  /** Further traits of the person that are no identifiers, for `context.traits`. */
  readonly contextTraits?: JsonObject;
  /** Display name of the vendor. */
  readonly integration: string;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly campaign?: JsonObject;
  readonly locale?: string;
  readonly page?: JsonObject;
  /** True where the vendor itself says that a machine opened or clicked; judged by user agent where it does not. */
  readonly machine?: boolean;
  /** Whether the event is an open or a click, which machines can do in a person's name. */
  readonly engagement?: boolean;
}

const WITHOUT_PROPERTIES: ReadonlySet<string> = new Set(['identify', 'group', 'alias']);

/** The item of the wire format that a reading stands for. */
export function wireItem(reading: Reading): Record<string, unknown> {
  const { type = 'track', name, previousId, timestamp, groupId, traits, campaign, page } = reading;
  const event = nameOf(reading.event);
  const person = personFields(reading.person, reading.contextTraits);
  const by = machineOf(reading);
  const machine = by === undefined ? undefined : { machine: true, machine_by: by };
  const properties = WITHOUT_PROPERTIES.has(type) ? undefined : { ...reading.properties, ...machine };
  return {
    type,
    ...(event === undefined || type === 'identify' ? undefined : { event }),
    ...(name === undefined ? undefined : { name: name.slice(0, NAME_LIMIT) }),
    ...person.ids,
    ...(previousId === undefined ? undefined : { previousId }),
    ...(groupId === undefined ? undefined : { groupId }),
    ...(timestamp === undefined ? undefined : { timestamp }),
    ...(traits === undefined ? undefined : { traits }),
    ...(properties === undefined ? undefined : { properties }),
    context: {
      ...person.context,
      integration: { name: reading.integration },
      ...clipped('ip', reading.ip),
      ...clipped('userAgent', reading.userAgent),
      ...clipped('locale', reading.locale),
      ...(isEmpty(campaign) ? undefined : { campaign }),
      ...(isEmpty(page) ? undefined : { page }),
      ...(by === undefined ? undefined : { temas: { machine: true } }),
    },
  };
}

/** Titles of a vendor's name may be blank: `}` has no word. */
function nameOf(event: string | undefined): string | undefined {
  return event === undefined ? undefined : event.trim().slice(0, NAME_LIMIT) || 'Webhook Received';
}

function machineOf({ engagement, machine, userAgent }: Reading): 'vendor' | MachineAgent | undefined {
  if (engagement !== true) return undefined;
  if (machine === true) return 'vendor';
  return userAgent === undefined ? undefined : isMachineAgent(userAgent);
}

const CONTEXT_TEXT_LIMIT = 1_000;

function clipped(name: string, text: string | undefined): Record<string, string> | undefined {
  return text === undefined ? undefined : { [name]: text.slice(0, CONTEXT_TEXT_LIMIT) };
}

function isEmpty(object: JsonObject | undefined): boolean {
  return Object.keys(objectOf(object)).length === 0;
}

import { firstText, isObject, NOTHING, stated, textOf, type JsonObject } from '../json.ts';
import { titled } from '../event-name.ts';
import { firstTime } from '../item-time.ts';
import { isFlaggedMachine } from '../machine-flag.ts';
import { NAME_LIMIT } from '../topic.ts';
import type { WebhookItem } from '../webhook-item.ts';
import type { Reading } from '../wire-item.ts';
import { bodiesOf, valueOf, type Fields } from './generic-bodies.ts';
import { genericPerson } from './generic-person.ts';
import { readWireFormat } from './wire-format.ts';

/**
 * Names of an event, best first. `type` and what follows are asked after the topic of the delivery, which is always a
 * name; a `type` beside a `topic` is that of the message, not of the event.
 */
const EVENT_KEYS = [
  'event',
  'eventtype',
  'eventname',
  'webhookevent',
  'triggerevent',
  'eventcode',
  'iyzieventtype',
];
const TYPE_KEYS = [
  ...['topic', 'recordtype', 'subscriptiontype', 'type', 'metric', 'action', 'notificationtype'],
  ...['webhooktype', 'objecttype', 'messagestatus', 'smsstatus', 'callstatus'],
];

const TIME_KEYS = [
  ...[
    'timestamp',
    'eventtimestampms',
    'tsepoch',
    'tsevent',
    'ts',
    'eventtimestamp',
    'eventtime',
    'eventdate',
    'iyzieventtime',
  ],
  ...[
    'occurredat',
    'happenedat',
    'firedat',
    'triggeredat',
    'receivedat',
    'deliveredat',
    'bouncedat',
    'changedat',
    'triggertime',
  ],
  ...['submittedat', 'completedat', 'createdat', 'created', 'createtime', 'createdtime', 'updatedat'],
  ...[
    'createddatetime',
    'datecreatedgmt',
    'datecreated',
    'createddate',
    'time',
    'date',
    'datetime',
    'islemtarihi',
    'tarih',
  ],
];

const AGENT_KEYS = ['useragent', 'agent', 'ua', 'useragentparsed'];
const IP_KEYS = ['ip', 'ipaddress', 'clientip', 'userip', 'remoteip', 'customeripaddress'];

/** Where vendors keep the browser of an open or a click, beside the places where they keep everything. */
const CLIENT_KEYS = new Set(['client', 'clientinfo', 'device', 'browser', 'request']);

/** Words in the name of an event that machines can cause in a person's name. */
const ENGAGEMENT = new Set(['open', 'opened', 'opens', 'opening', 'click', 'clicked', 'clicks']);
const PROXY_OPEN = /proxy_?open|machine_?open/i;

/**
 * Any JSON of any vendor: event, time and person by the names that most of them use. Conservative with people: a
 * wrong identifier merges two of them, a missing one can be given by a mapping of paths.
 */
export function readGeneric({ item, topic }: WebhookItem): Reading {
  const forwarded = readWireFormat(item);
  if (forwarded !== undefined) return forwarded;
  const bodies = bodiesOf(item);
  const event = genericEvent(bodies, topic);
  const clients = [
    ...bodies,
    ...bodies.flatMap(({ fields }) => [...fields].flatMap(([name, value]) => clientOf(name, value))),
  ];
  return {
    event,
    person: genericPerson(bodies),
    timestamp: genericTime(bodies),
    integration: 'Webhook',
    properties: propertiesOf(item),
    ip: textIn(clients, IP_KEYS),
    userAgent: textIn(clients, AGENT_KEYS),
    engagement: titled(event)
      .split(' ')
      .some((word) => ENGAGEMENT.has(word.toLowerCase())),
    machine: PROXY_OPEN.test(event) || clients.some(({ object }) => isFlaggedMachine(flagsOf(object))),
  };
}

/** The event's name: the vendor's own, unchanged. */
export function genericEvent(bodies: readonly Fields[], topic?: string): string {
  const name = textIn(bodies, EVENT_KEYS) ?? topic ?? nestedEvent(bodies) ?? textIn(bodies, TYPE_KEYS);
  return (name ?? 'Webhook Received').slice(0, NAME_LIMIT);
}

/** When the item says it happened, ISO 8601; the outer object first, which is about the event. */
export function genericTime(bodies: readonly Fields[]): string | undefined {
  for (const body of bodies) {
    const time = firstTime(...TIME_KEYS.map((key) => valueOf(body, key)));
    if (time !== undefined) return time;
  }
  return undefined;
}

/** The whole item. */
export function propertiesOf(item: unknown): JsonObject {
  if (isObject(item)) return item;
  return item === undefined ? NOTHING : stated({ value: item });
}

/** Some wrap the event itself: `event: { type: … }`; a `type` beside it is that of the delivery. */
function nestedEvent(bodies: readonly Fields[]): string | undefined {
  for (const body of bodies) {
    const event = valueOf(body, 'event');
    if (isObject(event)) return firstText(event.type, event.name, event.event);
  }
  return undefined;
}

function textIn(bodies: readonly Fields[], keys: readonly string[]): string | undefined {
  for (const body of bodies) {
    for (const key of keys) {
      const value = valueOf(body, key);
      const text = typeof value === 'string' ? textOf(value) : undefined;
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

function clientOf(name: string, value: unknown): readonly Fields[] {
  return CLIENT_KEYS.has(name) && isObject(value) ? bodiesOf(value).slice(0, 1) : [];
}

/** Postmark and others write their flags in capitals. */
function flagsOf(object: JsonObject): JsonObject {
  return stated({ ...object, machine_open: object.machine_open ?? object.MachineOpen });
}

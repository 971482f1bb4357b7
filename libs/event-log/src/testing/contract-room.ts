import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { ORIGIN } from '#kernel';
import type { Position } from '#kernel';
import type { AppendResult, Delivery, EventLog, NewEvent, RecordedEvent } from '../event-log.port.ts';

/** The log that the cases of a suite use now, and how to restart it. */
export interface LogUnderTest {
  readonly log: EventLog;
  reopen(): Promise<EventLog>;
}

/** An append that went through. */
export type Appended = Extract<AppendResult, { outcome: 'appended' }>;

/** Stream names that nobody else uses, so that a suite can share a log with others. */
export interface Room {
  readonly prefix: string;
  stream(name: string): string;
}

/** A room with a random name. */
export function newRoom(): Room {
  const prefix = `contract_${randomBytes(6).toString('hex')}-`;
  return { prefix, stream: (name) => prefix + name };
}

/** Events with fresh ids; `data` holds their label. */
export function newEvents(count: number, label = 'event'): NewEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    id: randomUUID(),
    type: 'Tested',
    metadata: Buffer.from('{"a":1}'),
    data: Buffer.from(`${label} ${i}`),
  }));
}

/** Fails the test unless the append went through. */
export function mustAppend(result: AppendResult): Appended {
  expect(result.outcome).toBe('appended');
  return result as Appended;
}

/** All that an iteration gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The events among deliveries. */
export function eventsOf(deliveries: readonly Delivery[]): RecordedEvent[] {
  return deliveries.flatMap((delivery) => (delivery.kind === 'event' ? [delivery.event] : []));
}

/** The ids of events. */
export function idsOf(events: readonly { readonly id: string }[]): string[] {
  return events.map((event) => event.id);
}

/** Position up to which a consumer knows everything after a delivery. */
export function reachedBy(delivery: Delivery): Position {
  return delivery.kind === 'event' ? delivery.event.position : delivery.position;
}

/** Subscribes until `enough` says so, and again from the last position where the log ended the subscription. */
export async function subscribeUntil(
  log: EventLog,
  { from = ORIGIN, prefixes }: { from?: Position; prefixes: readonly string[] },
  enough: (seen: readonly Delivery[]) => boolean | Promise<boolean>,
): Promise<Delivery[]> {
  const abort = new AbortController();
  const seen: Delivery[] = [];
  while (!abort.signal.aborted) {
    for await (const delivery of log.subscribe({ from, prefixes, signal: abort.signal })) {
      seen.push(delivery);
      from = reachedBy(delivery);
      if (await enough(seen)) abort.abort();
    }
  }
  return seen;
}

/** Stops a subscription once it has reached a position. */
export function past(position: Position): (seen: readonly Delivery[]) => boolean {
  return (seen) => seen.length > 0 && reachedBy(seen[seen.length - 1] as Delivery) >= position;
}

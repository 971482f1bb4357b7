import { uuidV5, type EventId, type Position, type Ref } from '#kernel';
import type { Command, IdentityStep } from '../identity.types.ts';
import { observation, runLog, WORKSPACE } from './history.ts';
import { MemoryState } from './memory-state.ts';
import { partitionIn } from './partitions.ts';
import type { Entry } from './reference/entries.ts';

/** What an operator orders, without the bookkeeping. */
export type Order = Command extends infer One
  ? One extends Command
    ? Omit<One, 'workspace' | 'eventId' | 'position' | 'actor' | 'reason'>
    : never
  : never;

/** A story told one event at a time; times are positions unless said otherwise. */
export class Walkthrough {
  readonly store = new MemoryState();
  #place = 0;

  /** Somebody was seen with these identifiers; `record`: as this row of a snapshot. */
  async see(mentions: string, { at, record }: { at?: number; record?: string } = {}): Promise<IdentityStep> {
    const seen = observation(++this.#place, mentions);
    const row = record === undefined ? {} : { recordRef: record as Ref };
    return this.#fold({ kind: 'observation', observation: { ...seen, at: at ?? seen.at, ...row } });
  }

  /** An operator has a word; answers the command's event with what it did. */
  async order(order: Order): Promise<IdentityStep & { readonly eventId: EventId }> {
    const position = BigInt(++this.#place) as Position;
    const eventId = uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', `command ${position}`) as EventId;
    const command = { ...order, workspace: WORKSPACE, eventId, position, actor: 'ayse', reason: 'ticket 7' };
    return { ...(await this.#fold({ kind: 'command', command })), eventId };
  }

  /** A person is erased. */
  async erase(...refs: string[]): Promise<IdentityStep> {
    const position = BigInt(++this.#place) as Position;
    const eventId = uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', `erasure ${position}`) as EventId;
    const erasure = { workspace: WORKSPACE, eventId, position, refs: refs as Ref[] };
    return this.#fold({ kind: 'erasure', erasure });
  }

  /** Who is whom now: one line a profile. */
  get people(): string[] {
    return partitionIn(this.store);
  }

  async #fold(entry: Entry): Promise<IdentityStep> {
    const [step] = await runLog(this.store, [entry]);
    return step as IdentityStep;
  }
}

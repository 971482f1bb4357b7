import type { EventId } from '#kernel';
import { UnitOfWork, type StateKey, type StateStore, type StateWrite } from '#state-store';
import { foldSession, loadSessions, type SessionStep } from '../fold-session.ts';
import type { SessionId } from '../session-id.ts';
import type { SessionInput } from '../session-input.ts';
import { sessionOf, type Session } from '../session.ts';

/** Encoded rows in a map, as an engine would keep them. */
export class Rows implements Pick<StateStore, 'read'> {
  readonly rows = new Map<string, Buffer>();

  async read(keys: readonly StateKey[]): Promise<(Buffer | null)[]> {
    return keys.map(({ collection, key }) => this.rows.get(`${collection} ${key}`) ?? null);
  }

  write(writes: readonly StateWrite[]): void {
    for (const { collection, key, value } of writes) {
      if (value === null) this.rows.delete(`${collection} ${key}`);
      else this.rows.set(`${collection} ${key}`, Buffer.from(value));
    }
  }

  /** Keys of a collection's rows with their sizes in bytes. */
  sizes(collection: string): number[] {
    return [...this.rows].filter(([key]) => key.startsWith(`${collection} `)).map(([, row]) => row.length);
  }
}

/** What a consumer that writes tables has in its hands, told by steps and `sessionOf` alone. */
export class Tables {
  readonly state = new Rows();
  readonly steps: SessionStep[] = [];
  /** Session of each event at its own position. */
  readonly recorded = new Map<EventId, SessionId>();
  /** Newest word on each id that changed. */
  readonly overrides = new Map<SessionId, SessionId>();
  readonly sessions = new Map<SessionId, Session>();
  readonly #kept: UnitOfWork | undefined;

  /** With `kept`, one unit of work that forgets as early as it may serves all blocks; else each has its own. */
  constructor(kept?: 'kept') {
    this.#kept = kept && new UnitOfWork(this.state, 1);
  }

  /** Folds events in blocks of the given sizes (repeated). */
  async fold(
    inputs: readonly SessionInput[],
    sizes: readonly number[] = [inputs.length || 1],
  ): Promise<this> {
    for (let from = 0, block = 0; from < inputs.length; block++) {
      const part = inputs.slice(from, from + (sizes[block % sizes.length] as number));
      await this.#foldBlock(part);
      from += part.length;
    }
    return this;
  }

  /** Session of an event now: what was recorded, and one look-up. */
  sessionOf({ eventId }: SessionInput): SessionId {
    const recorded = this.recorded.get(eventId) as SessionId;
    return this.overrides.get(recorded) ?? recorded;
  }

  async #foldBlock(part: readonly SessionInput[]): Promise<void> {
    const work = this.#kept ?? new UnitOfWork(this.state);
    await loadSessions(work, part);
    const changed = new Set<SessionId>();
    for (const one of part) {
      const step = foldSession(work, one);
      this.steps.push(step);
      this.recorded.set(one.eventId, step.sessionId);
      for (const { from, to } of step.merged) this.overrides.set(from, to);
      for (const id of step.changed) changed.add(id);
    }
    for (const id of changed) {
      const session = sessionOf(work, id);
      if (session === null) this.sessions.delete(id);
      else this.sessions.set(id, session);
    }
    this.state.write(work.writes());
    work.committed();
  }
}

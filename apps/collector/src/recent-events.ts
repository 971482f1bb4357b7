import type { EventId, Position } from '#kernel';

/**
 * Positions of events that were stored lately, for clients that send them again soon. Best effort: the projector is
 * the authority on duplicates. Two turns instead of an exact LRU, which cost more than sealing an event (measured).
 */
export class RecentEvents {
  #recent = new Map<EventId, Position>();
  #older = new Map<EventId, Position>();

  constructor(
    /** Events of a turn; twice as many are remembered at most. */
    private readonly capacity: number,
  ) {}

  /** Position of an event that was stored lately. */
  get(id: EventId): Position | undefined {
    return this.#recent.get(id) ?? this.#older.get(id);
  }

  /** The event is durable at this position. */
  add(id: EventId, position: Position): void {
    this.#recent.set(id, position);
    if (this.#recent.size < this.capacity) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }
}

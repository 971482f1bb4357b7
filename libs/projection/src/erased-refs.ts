import { decodeSubjectEvent, PERSON_ERASED, SUBJECT_STREAMS } from '#erasure';
import type { Erasure } from '#erasure';
import type { EventLog, RecordedEvent } from '#event-log';
import type { Position, Ref } from '#kernel';

/** Tells which identifiers are erased at a place in the log. */
export interface DeadRefs {
  /** True if nothing that is sealed under this ref at that place may be read. */
  sealsNothing(ref: Ref, position: Position): boolean;
  /** True if the ref was erased before that place: it names nobody any more. */
  isDead(ref: Ref, position: Position): boolean;
}

/** No identifier was erased. */
export const NOBODY_ERASED: DeadRefs = { sealsNothing: () => false, isDead: () => false };

/**
 * The erased identifiers as a generation of the projections sees them. What was erased before its birth it never
 * reads, whether the keys are gone yet or not; what is erased later it takes back at that place. So both come to the
 * same, and it never matters when exactly a key was destroyed.
 */
export class ErasedRefs implements DeadRefs {
  readonly #since = new Map<Ref, Position>();

  private constructor(private readonly born: Position) {}

  /** Erased identifiers for a generation that was born at a position. Throws what the log throws. */
  static async open(log: EventLog, born: Position): Promise<ErasedRefs> {
    const erased = new ErasedRefs(born);
    for await (const stream of log.streams(SUBJECT_STREAMS)) {
      for await (const event of log.readStream(stream)) erased.take(event);
    }
    return erased;
  }

  /** Learns from an event of a `subject-` stream; every other event, and one already learnt, changes nothing. */
  take(event: RecordedEvent): void {
    const erasure = erasureIn(event);
    if (erasure === undefined) return;
    for (const { ref } of erasure.refs) if (!this.#since.has(ref)) this.#since.set(ref, erasure.position);
  }

  sealsNothing(ref: Ref, position: Position): boolean {
    const since = this.#since.get(ref);
    return since !== undefined && (since < position || since <= this.born);
  }

  isDead(ref: Ref, position: Position): boolean {
    const since = this.#since.get(ref);
    return since !== undefined && since < position;
  }
}

/** The order to erase that an event of the log is; `undefined` for any other event. Throws `UnreadableErasure`. */
export function erasureIn(event: RecordedEvent): Erasure | undefined {
  const told = decodeSubjectEvent(event);
  return told?.type === PERSON_ERASED ? told.erasure : undefined;
}

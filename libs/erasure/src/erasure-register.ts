import type { EventLog, RecordedEvent } from '#event-log';
import type { EventId, ProfileId, Ref, Workspace } from '#kernel';
import type { ErasureCase } from './erasure.ts';
import { decodeSubjectEvent, ERASURE_FINISHED, subjectStream, SUBJECT_STREAMS } from './erasure-event.ts';

/**
 * Every erasure there was, in memory: a few hundred bytes each and 40 for each identifier. It subscribes to nothing:
 * whoever orders, finishes or folds one tells it, and whoever misses one lets it look.
 */
export class ErasureRegister {
  readonly #byId = new Map<EventId, ErasureCase>();
  readonly #byStream = new Map<string, ErasureCase>();
  readonly #byProfile = new Map<string, EventId>();
  readonly #listeners = new Set<() => void>();

  private constructor(private readonly log: EventLog) {}

  /** A register of all that the log holds now. Throws what the log throws, and `UnreadableErasure`. */
  static async open(log: EventLog): Promise<ErasureRegister> {
    const register = new ErasureRegister(log);
    await register.refresh();
    return register;
  }

  /** An erasure by its id, as the log has it now; `undefined` if there is none. Throws what the log throws. */
  async find(erasureId: EventId): Promise<ErasureCase | undefined> {
    const known = this.#byId.get(erasureId);
    if (known === undefined) await this.refresh();
    else if (known.finished === undefined) await this.catchUp(streamOf(known));
    return this.#byId.get(erasureId);
  }

  /** The erasure of the profile whose first identifier this is, as far as it was told. */
  of(workspace: Workspace, first: Ref): ErasureCase | undefined {
    return this.#byStream.get(subjectStream(workspace, first));
  }

  /** The erasure of a person, by any id that they had, as the log has it now. Throws what the log throws. */
  async ofProfile(workspace: Workspace, profileId: ProfileId): Promise<ErasureCase | undefined> {
    const known = this.#byProfile.get(`${workspace}/${profileId}`);
    if (known === undefined) await this.refresh();
    const id = known ?? this.#byProfile.get(`${workspace}/${profileId}`);
    return id === undefined ? undefined : this.find(id);
  }

  /** Those that are not finished, as far as it was told, oldest first. */
  unfinished(): ErasureCase[] {
    return [...this.#byId.values()]
      .filter(({ finished }) => finished === undefined)
      .sort((a, b) => (a.erasure.position < b.erasure.position ? -1 : 1));
  }

  /** Tells of every change from now on, until the returned function is called. The listener must not throw. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads what the log holds now of erasures that it did not know, or not the end of. Throws what {@link open} throws. */
  async refresh(): Promise<void> {
    for await (const stream of this.log.streams(SUBJECT_STREAMS)) {
      if (this.#byStream.get(stream)?.finished === undefined) await this.catchUp(stream);
    }
  }

  /** Reads what a stream holds now. Throws what the log throws, and `UnreadableErasure`. */
  async catchUp(stream: string): Promise<void> {
    for await (const event of this.log.readStream(stream)) this.take(event);
  }

  /** Learns from an event; one of another stream, and one already learnt, changes nothing. Throws `UnreadableErasure`. */
  take(recorded: RecordedEvent): void {
    const told = decodeSubjectEvent(recorded);
    if (told === undefined) return;
    const { stream } = recorded;
    const known = this.#byStream.get(stream);
    if (told.type === ERASURE_FINISHED) {
      if (known === undefined || known.finished !== undefined) return;
      this.#keep(stream, { ...known, finished: { at: told.at, report: told.report } });
    } else if (known === undefined) this.#keep(stream, { erasure: told.erasure, finished: undefined });
  }

  #keep(stream: string, kept: ErasureCase): void {
    this.#byStream.set(stream, kept);
    const { erasureId, workspace, profiles } = kept.erasure;
    this.#byId.set(erasureId, kept);
    for (const id of profiles) this.#byProfile.set(`${workspace}/${id}`, erasureId);
    for (const listener of this.#listeners) listener();
  }
}

function streamOf({ erasure: { workspace, refs } }: ErasureCase): string {
  return subjectStream(workspace, (refs[0] as { readonly ref: Ref }).ref);
}

import type { EventId, Position, ProfileId, Ref, Workspace } from '#kernel';

/** An identifier as the log shows it: its name space and its ref, never its value. */
export interface NamedRef {
  readonly ns: string;
  readonly ref: Ref;
}

/** Whom an erasure is about and what goes with them, as found out before it was ordered. No personal data. */
export interface ErasureSubject {
  readonly profileId: ProfileId;
  /** The profile's id and those that lead to it. */
  readonly profiles: readonly ProfileId[];
  /** The profile's identifiers: their keys and their rows are destroyed. */
  readonly refs: readonly NamedRef[];
  /** Refs that were only ever guessed from these identifiers: they go with them. */
  readonly guessed: readonly Ref[];
  /** Of `refs`, those that an event of somebody who stays names too: destroyed, but not suppressed. */
  readonly kept: readonly NamedRef[];
  /** Identifiers of others that events of this profile name: shared or quarantined ones, refused links. */
  readonly sharedWith: readonly NamedRef[];
}

/** An order to erase a person, as it stands in the log. */
export interface Erasure extends ErasureSubject {
  readonly erasureId: EventId;
  readonly workspace: Workspace;
  readonly position: Position;
  /** Who ordered it: role of the API key, or `role:name`. */
  readonly actor: string;
  readonly reason: string;
  /** Ms since 1970 UTC. */
  readonly at: number;
}

/** What is left in one store after an erasure, counted when it was finished; every number is to be 0. */
export interface ErasureReport {
  readonly keyStore: {
    /** Refs that were destroyed, guessed ones included, and identifiers on the suppression list for them. */
    readonly refs: number;
    readonly suppressed: number;
    /** Keys of these refs that can still be read. */
    readonly keysLeft: number;
    /**
     * What old keys may still stand in outside the store's own files, and until when; `null` where the store
     * overwrites them in place.
     */
    readonly remains: Readonly<Record<string, unknown>> | null;
  };
  readonly stateStore: { readonly rowsLeft: number };
  /** Rows left by table. */
  readonly warehouse: { readonly rowsLeft: Readonly<Record<string, number>> };
}

/** An erasure with what became of it. */
export interface ErasureCase {
  readonly erasure: Erasure;
  /** `undefined` while it is under way. */
  readonly finished: { readonly at: number; readonly report: ErasureReport } | undefined;
}

/** All refs that an erasure destroys in the key store. */
export function refsToDestroy({ refs, guessed }: Pick<ErasureSubject, 'refs' | 'guessed'>): Ref[] {
  return [...refs.map(({ ref }) => ref), ...guessed];
}

/** Of these, the refs whose identifiers are refused from then on. */
export function refsToSuppress(subject: Pick<ErasureSubject, 'refs' | 'guessed' | 'kept'>): Ref[] {
  const kept = new Set(subject.kept.map(({ ref }) => ref));
  return refsToDestroy(subject).filter((ref) => !kept.has(ref));
}

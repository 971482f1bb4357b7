import {
  NIL_PROFILE,
  uuidV5,
  type EventId,
  type Position,
  type ProfileId,
  type Ref,
  type Workspace,
} from '#kernel';
import type { UnitOfWork } from '#state-store';
import { isAlias, PROFILES, REFS, type Member, type ProfileRow, type RefRow } from './identity-rows.ts';
import type { Decision, DecisionKind, IdentityStep, Move } from './identity.types.ts';
import { profileStream } from './profile-id.ts';
import type { IdentityRules } from './rules.ts';

/** What a decision says beside its profile. */
export interface Saying {
  readonly rule: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly other?: ProfileId;
}

/** Event that is being folded. */
export interface Cause {
  readonly workspace: Workspace;
  readonly eventId: EventId;
  readonly position: Position;
}

/**
 * The row without members that are `undefined`: they would keep a place in memory that they have not in the store, and
 * the bytes of a row would depend on where a block was cut.
 */
function tidy<Row extends object>(row: Row): Row {
  // Without a list of the members, which would be made for every row that is written.
  for (const name in row) {
    if (row[name] !== undefined) continue;
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
  }
  return row;
}

/** State and decisions of one event while it is being folded. */
export class Step {
  readonly #decisions: Decision[] = [];
  readonly #moved: Move[] = [];
  readonly #changed = new Set<ProfileId>();
  readonly #before = new Map<Ref, RefRow | undefined>();

  constructor(
    readonly work: UnitOfWork,
    readonly cause: Cause,
    readonly rules: IdentityRules,
  ) {}

  /** An identifier's row; it must be loaded. */
  ref(ref: Ref): RefRow | undefined {
    return this.work.get(REFS, ref);
  }

  /** Replaces an identifier's row, and remembers how it was before the step. */
  setRef(ref: Ref, row: RefRow): void {
    if (!this.#before.has(ref)) this.#before.set(ref, this.work.get(REFS, ref));
    this.work.set(REFS, ref, tidy(row));
  }

  /** An identifier's row as it was before the step. */
  refBefore(ref: Ref): RefRow | undefined {
    return this.#before.has(ref) ? this.#before.get(ref) : this.work.get(REFS, ref);
  }

  /** A living profile. Every id that an identifier's row names is one. */
  profile(id: ProfileId): ProfileRow {
    return this.work.get(PROFILES, id) as ProfileRow;
  }

  /** Replaces a living profile's row. */
  keep(id: ProfileId, row: ProfileRow): void {
    this.work.set(PROFILES, id, tidy(row));
  }

  /** An identifier belongs to a profile from here on. */
  assign(ref: Ref, profileId: ProfileId): void {
    const row = this.work.get(REFS, ref) as RefRow;
    const from = row.profileId;
    this.setRef(ref, { ...row, profileId });
    this.#changed.add(profileId);
    if (from === undefined) return;
    this.#changed.add(from);
    this.#moved.push({ ref, from, to: profileId });
  }

  /** A profile was born, grew, shrank or ended. */
  touch(id: ProfileId): void {
    this.#changed.add(id);
  }

  /** Decides, and takes the next place of the profile's stream if that has begun or begins with a known profile. */
  tell(kind: DecisionKind, profileId: ProfileId, saying: Saying): void {
    const { workspace, eventId, position } = this.cause;
    const n = this.#decisions.length;
    const publish = this.#placeInStream(profileId);
    this.#decisions.push({
      decisionId: uuidV5(eventId, `${kind}:${n}`),
      workspace,
      kind,
      profileId,
      ...(saying.other === undefined ? {} : { otherProfileId: saying.other }),
      rule: saying.rule,
      rulesVersion: this.rules.version,
      evidenceEventId: eventId,
      position,
      n,
      details: saying.details,
      ...(publish === undefined ? {} : { publish }),
    });
  }

  #placeInStream(profileId: ProfileId): Decision['publish'] {
    const row = profileId === NIL_PROFILE ? undefined : this.work.get(PROFILES, profileId);
    const publishes =
      row !== undefined && (row.published > 0 || (!isAlias(row) && !isAnonymous(row.members, this.rules)));
    if (!publishes) return undefined;
    this.work.set(PROFILES, profileId, { ...row, published: row.published + 1 });
    return { stream: profileStream(this.cause.workspace, profileId), revision: row.published };
  }

  /** What the event did. */
  result(profileId: ProfileId): IdentityStep {
    return { profileId, moved: this.#moved, changed: [...this.#changed], decisions: this.#decisions };
  }
}

/** True if nothing but devices is known: such a profile begins no stream. */
export function isAnonymous(members: readonly Member[], rules: IdentityRules): boolean {
  return members.every(([ns]) => rules.namespace(ns).class === 'device');
}

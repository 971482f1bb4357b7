import { NIL_PROFILE, uuidV5, type ProfileId, type Ref } from '#kernel';
import type { UnitOfWork } from '#state-store';
import { isAnonymous } from './feasibility.ts';
import { PROFILES, REFS, type Member, type ProfileRow } from './identity-rows.ts';
import type { Decision, DecisionKind, IdentityStep, Move, Observation } from './identity.types.ts';
import { profileStream } from './profile-id.ts';

/** What a decision says beside its profile. */
export interface Saying {
  readonly rule: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly other?: ProfileId;
}

/** State and decisions of one observation while it is being folded. */
export class Step {
  readonly #decisions: Decision[] = [];
  readonly #moved = new Map<Ref, Move>();
  readonly #changed = new Set<ProfileId>();
  readonly #assigned = new Set<Ref>();

  constructor(
    private readonly work: UnitOfWork,
    readonly observation: Observation,
  ) {}

  /** Profile that holds an identifier now. */
  holderOf(ref: Ref): ProfileId | undefined {
    return this.work.get(REFS, ref)?.profileId;
  }

  /** A living profile. Every id that `holderOf` gives is one. */
  profile(id: ProfileId): ProfileRow {
    return this.work.get(PROFILES, id) as ProfileRow;
  }

  /** Replaces a living profile's row. */
  keep(id: ProfileId, row: ProfileRow): void {
    this.work.set(PROFILES, id, row);
  }

  /** First assignments: identifiers that no profile held before. */
  assign(members: readonly Member[], profileId: ProfileId): void {
    for (const [ns, ref] of members) {
      this.work.set(REFS, ref, { ns, profileId });
      this.#assigned.add(ref);
    }
    this.#changed.add(profileId);
  }

  /** Identifiers change their profile. A second move in one step continues the first: there is no time between. */
  move(members: readonly Member[], from: ProfileId, to: ProfileId): void {
    for (const [ns, ref] of members) {
      this.work.set(REFS, ref, { ns, profileId: to });
      if (!this.#assigned.has(ref))
        this.#moved.set(ref, { ref, from: this.#moved.get(ref)?.from ?? from, to });
    }
    this.#changed.add(from).add(to);
  }

  /** An absorbed profile's id leads to its survivor from now on. */
  alias(id: ProfileId, survivor: ProfileId, published: number): void {
    this.work.set(PROFILES, id, { alias: survivor, published });
    this.#changed.add(id);
  }

  /** Decides, and takes the next place of the profile's stream, unless it is nobody's or only devices are known of it. */
  tell(kind: DecisionKind, profileId: ProfileId, saying: Saying): void {
    const { workspace, eventId, position } = this.observation;
    const n = this.#decisions.length;
    const decision: Decision = {
      decisionId: uuidV5(eventId, `${kind}:${n}`),
      workspace,
      kind,
      profileId,
      ...(saying.other === undefined ? {} : { otherProfileId: saying.other }),
      rule: saying.rule,
      evidenceEventId: eventId,
      position,
      n,
      details: saying.details,
    };
    const row = profileId === NIL_PROFILE ? undefined : this.profile(profileId);
    if (row === undefined || isAnonymous(row.members)) {
      this.#decisions.push(decision);
      return;
    }
    const publish = { stream: profileStream(workspace, profileId), revision: row.published };
    this.#decisions.push({ ...decision, publish });
    this.keep(profileId, { ...row, published: row.published + 1 });
  }

  /** What the observation did. */
  result(profileId: ProfileId): IdentityStep {
    return {
      profileId,
      moved: [...this.#moved.values()],
      changed: [...this.#changed],
      decisions: this.#decisions,
    };
  }
}

import { randomUUID } from 'node:crypto';
import type { EventLog } from '#event-log';
import type { EventId } from '#kernel';
import type { Author } from './config-desk.ts';
import type { Authorship, CorrectionDecided } from './config-event.ts';
import type { ConfigFollower } from './config-follower.ts';
import { ConfigWriter } from './config-writer.ts';
import type { Written } from './config-writer.ts';
import { decideVerdict } from './correction/decide-verdict.ts';
import type { AlreadyDecided } from './correction/decide-verdict.ts';
import type { Verdict } from './correction/verdict.ts';
import type { TooMany, UnknownSource } from './decided.ts';
import type { NationalIdsUse } from './national-ids/national-ids.ts';
import { decideRemoveRule, decideSetRule } from './quality-rule/decide-rule.ts';
import type { UnknownRule } from './quality-rule/decide-rule.ts';
import type { QualityRule } from './quality-rule/quality-rule.ts';

/** What a desk for data quality needs. */
export interface QualityDeskParts {
  readonly log: EventLog;
  readonly follower: ConfigFollower;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/**
 * Commands about what people typed: verdicts on guesses, national ids, rules of data quality. Decided and answered like
 * those of `ConfigDesk`; all throw `LogUnavailable`.
 */
export class QualityDesk {
  readonly #writer: ConfigWriter;

  constructor(private readonly parts: QualityDeskParts) {
    this.#writer = new ConfigWriter(parts.log, parts.follower);
  }

  /** What people say of a guess. The first verdict stands. */
  async decideCorrection(
    author: Author,
    pair: Pick<CorrectionDecided, 'from' | 'to' | 'fromNamespace' | 'toNamespace'>,
    verdict: Verdict,
    reason: string,
  ): Promise<Written | AlreadyDecided> {
    const by = this.#by(author);
    const id = randomUUID() as EventId;
    return this.#writer.write(author.workspace, (state) =>
      decideVerdict(state, pair, verdict, id, reason, by),
    );
  }

  /** National ids are identifiers from now on, for this use; `null`: they are not. */
  async setNationalIds(author: Author, use: NationalIdsUse | null): Promise<Written> {
    const event = { type: 'NationalIdsChanged' as const, use, ...this.#by(author) };
    return this.#writer.write<never>(author.workspace, () => ({ events: [event] }));
  }

  /** Sets or replaces a rule of data quality. */
  async setQualityRule(
    author: Author,
    rule: Omit<QualityRule, 'setAt'>,
  ): Promise<Written | UnknownSource | TooMany> {
    const by = this.#by(author);
    return this.#writer.write(author.workspace, (state) => decideSetRule(state, rule, by));
  }

  /** Removes a rule of data quality. */
  async removeQualityRule(author: Author, name: string): Promise<Written | UnknownRule> {
    const by = this.#by(author);
    return this.#writer.write(author.workspace, (state) => decideRemoveRule(state, name, by));
  }

  #by({ actor }: Author): Authorship {
    return { actor, at: this.parts.now() };
  }
}

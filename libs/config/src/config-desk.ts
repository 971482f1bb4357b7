import { randomUUID } from 'node:crypto';
import type { EventLog } from '#event-log';
import type { EventId, Position, SourceName, Trust, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import type { SignatureScheme } from '#webhook';
import type { ChannelRules } from './channel-rules/channel-rules.ts';
import type { Authorship } from './config-event.ts';
import type { ConfigFollower } from './config-follower.ts';
import { ConfigWriter } from './config-writer.ts';
import type { Written } from './config-writer.ts';
import type { TooMany, UnknownSource } from './decided.ts';
import { decideRemove, decideSet } from './event-schema/decide-schema.ts';
import type { UnknownSchema } from './event-schema/decide-schema.ts';
import type { EventSchema, JsonSchema, SchemaTarget } from './event-schema/event-schema.ts';
import { judgeDefinition } from './event-schema/judge-definition.ts';
import type { InvalidDefinition } from './event-schema/judge-definition.ts';
import { decideCommand } from './identity-command/decide-command.ts';
import type { UnknownCommand } from './identity-command/decide-command.ts';
import type { IdentityCommand, IdentityOrder } from './identity-command/identity-command.ts';
import { decideRules } from './identity-rules/decide-rules.ts';
import type { NewRules, StaleRules } from './identity-rules/decide-rules.ts';
import type { PublishedRules } from './identity-rules/identity-rules.ts';
import { decideDiscard, decideSave } from './report/decide-report.ts';
import type { UnknownReport } from './report/decide-report.ts';
import type { Report } from './report/report.ts';
import { decideChange, decideCreate, decideEnd, decideRotation } from './source/decide-source.ts';
import type { Exists, UnknownKey } from './source/decide-source.ts';
import { mintKey } from './source/mint-key.ts';
import type { Source, SourceSettings } from './source/source.ts';
import { sealSecret } from './source/webhook-secret.ts';

/** Who gives a command, and for which workspace. */
export interface Author {
  readonly workspace: Workspace;
  /** Role of the API key. No personal data: it stands in the log. */
  readonly actor: string;
}

/** Settings as an operator gives them: the secret in the clear. Absent ones stay, or are the default. */
export interface GivenSettings extends Partial<Omit<SourceSettings, 'signature'>> {
  readonly signature?: { readonly scheme: SignatureScheme; readonly secret: string } | null;
}

/** A source that is to be. */
export interface NewSource {
  readonly name: SourceName;
  readonly trust: Trust;
  readonly settings: GivenSettings;
}

/** A source has a new key. This is the only time that it is shown. */
export interface KeyShown<Outcome extends string> extends SourceDone<Outcome> {
  readonly key: string;
  readonly keyId: string;
}

/** A source is as asked. `position` is that of the change in the log. */
export interface SourceDone<Outcome extends string> {
  readonly outcome: Outcome;
  readonly source: Source;
  readonly position: Position;
}

/** A schema is set. `position` is that of the change in the log. */
export interface SchemaDone {
  readonly outcome: 'set';
  readonly schema: EventSchema;
  readonly position: Position;
}

/** An order is in the log. */
export interface CommandDone {
  readonly outcome: 'commanded';
  readonly command: IdentityCommand;
  readonly position: Position;
}

/** Rules are in the log. */
export interface RulesDone {
  readonly outcome: 'published';
  readonly rules: PublishedRules;
  readonly position: Position;
}

/** A report is saved. `position` is that of the change in the log. */
export interface ReportDone {
  readonly outcome: 'saved';
  readonly report: Report;
  readonly position: Position;
}

/** What a desk needs. */
export interface ConfigDeskParts {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly follower: ConfigFollower;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/**
 * The commands of operators. Each is decided on the newest configuration and answered when the follower of this
 * process has seen it, so that a new key works at once. All throw `LogUnavailable`.
 */
export class ConfigDesk {
  readonly #writer: ConfigWriter;

  constructor(private readonly parts: ConfigDeskParts) {
    this.#writer = new ConfigWriter(parts.log, parts.follower);
  }

  /** A new source with its first key. */
  async createSource(
    author: Author,
    { name, trust, settings }: NewSource,
  ): Promise<KeyShown<'created'> | Exists | TooMany> {
    const { workspace } = author;
    const by = this.#by(author);
    const minted = mintKey(this.parts.keys);
    const source = { name, trust, settings: this.#sealed(workspace, name, settings) };
    const result = await this.#writer.write(workspace, (state) => decideCreate(state, source, minted, by));
    if (result.outcome !== 'written') return result;
    return { ...this.#done('created', workspace, name, result), key: minted.key, keyId: minted.keyId };
  }

  /** Other settings; what is absent stays. The trust of a source never changes. */
  async changeSource(
    author: Author,
    name: SourceName,
    settings: GivenSettings,
  ): Promise<SourceDone<'changed'> | UnknownSource> {
    const { workspace } = author;
    const by = this.#by(author);
    const sealed = this.#sealed(workspace, name, settings);
    const result = await this.#writer.write(workspace, (state) => decideChange(state, name, sealed, by));
    if (result.outcome !== 'written') return result;
    return this.#done('changed', workspace, name, result);
  }

  /** A new key at once; the others end after the overlap, in seconds from 0 to `MAX_OVERLAP_SECONDS`. */
  async rotateKey(
    author: Author,
    name: SourceName,
    { overlapSeconds }: { readonly overlapSeconds: number },
  ): Promise<KeyShown<'rotated'> | UnknownSource | TooMany> {
    const { workspace } = author;
    const by = this.#by(author);
    const minted = mintKey(this.parts.keys);
    const result = await this.#writer.write(workspace, (state) =>
      decideRotation(state, name, minted, overlapSeconds, by),
    );
    if (result.outcome !== 'written') return result;
    return { ...this.#done('rotated', workspace, name, result), key: minted.key, keyId: minted.keyId };
  }

  /** Ends a key at once. One that has ended already keeps its end. */
  async endKey(
    author: Author,
    name: SourceName,
    keyId: string,
  ): Promise<SourceDone<'ended'> | UnknownSource | UnknownKey> {
    const { workspace } = author;
    const by = this.#by(author);
    const result = await this.#writer.write(workspace, (state) => decideEnd(state, name, keyId, by));
    if (result.outcome !== 'written') return result;
    return this.#done('ended', workspace, name, result);
  }

  /** Sets or replaces the schema of a target. */
  async setEventSchema(
    author: Author,
    target: SchemaTarget,
    definition: JsonSchema,
  ): Promise<SchemaDone | InvalidDefinition | UnknownSource | TooMany> {
    const judgement = judgeDefinition(definition);
    if (judgement.outcome === 'invalid') return judgement;
    const by = this.#by(author);
    const result = await this.#writer.write(author.workspace, (state) =>
      decideSet(state, target, definition, by),
    );
    if (result.outcome !== 'written') return result;
    const { bytes } = judgement;
    return {
      outcome: 'set',
      schema: { ...target, definition, bytes, setAt: by.at },
      position: result.position,
    };
  }

  /** Removes the schema of a target. */
  async removeEventSchema(
    author: Author,
    target: SchemaTarget,
  ): Promise<{ readonly outcome: 'removed'; readonly position: Position } | UnknownSchema> {
    const by = this.#by(author);
    const result = await this.#writer.write(author.workspace, (state) => decideRemove(state, target, by));
    return result.outcome === 'written' ? { ...result, outcome: 'removed' } : result;
  }

  /** An order about people. Identity folds it like everybody's, when it comes to it in the log. */
  async command(author: Author, order: IdentityOrder, reason: string): Promise<CommandDone | UnknownCommand> {
    const { workspace } = author;
    const by = this.#by(author);
    const commandId = randomUUID() as EventId;
    const result = await this.#writer.write(workspace, (state) =>
      decideCommand(state, commandId, order, reason, by),
    );
    if (result.outcome !== 'written') return result;
    const command = this.parts.follower.state(workspace).commands.get(commandId) as IdentityCommand;
    return { outcome: 'commanded', command, position: result.position };
  }

  /** Rules of identity, judged by the caller (`judgeRuleChanges`). The projections are built anew with them. */
  async publishRules(author: Author, rules: NewRules): Promise<RulesDone | StaleRules> {
    const { workspace } = author;
    const by = this.#by(author);
    // Another process may have published what the caller knows: its version must not look like one of the future.
    await this.parts.follower.catchUp(workspace);
    const result = await this.#writer.write(workspace, (state) => decideRules(state, rules, by));
    if (result.outcome !== 'written') return result;
    const version = rules.expectedVersion + 1;
    const published = this.parts.follower.state(workspace).identityRules[version - 1] as PublishedRules;
    return { outcome: 'published', rules: published, position: result.position };
  }

  /** Saves a report under its name, instead of the one that may have it. */
  async saveReport(
    author: Author,
    report: Pick<Report, 'name' | 'kind' | 'definition'>,
  ): Promise<ReportDone | TooMany> {
    const { workspace } = author;
    const by = this.#by(author);
    const result = await this.#writer.write(workspace, (state) => decideSave(state, report, by));
    if (result.outcome !== 'written') return result;
    const saved = this.parts.follower.state(workspace).reports.get(report.name) as Report;
    return { outcome: 'saved', report: saved, position: result.position };
  }

  /** Removes a report. */
  async removeReport(
    author: Author,
    name: string,
  ): Promise<{ readonly outcome: 'removed'; readonly position: Position } | UnknownReport> {
    const by = this.#by(author);
    const result = await this.#writer.write(author.workspace, (state) => decideDiscard(state, name, by));
    return result.outcome === 'written' ? { ...result, outcome: 'removed' } : result;
  }

  /** Sets the rules of channels, whole; `null` for the default ones. */
  async setChannelRules(author: Author, rules: ChannelRules): Promise<{ readonly position: Position }> {
    const by = this.#by(author);
    const event = { type: 'ChannelRulesSet' as const, rules, ...by };
    const { position } = await this.#writer.write<never>(author.workspace, () => ({ events: [event] }));
    return { position };
  }

  /** Sets the time zone of a workspace's days, an IANA name. */
  async setTimeZone(author: Author, timeZone: string): Promise<{ readonly position: Position }> {
    const event = { type: 'TimeZoneSet' as const, timeZone, ...this.#by(author) };
    const { position } = await this.#writer.write<never>(author.workspace, () => ({ events: [event] }));
    return { position };
  }

  #by({ actor }: Author): Authorship {
    return { actor, at: this.parts.now() };
  }

  #sealed(workspace: Workspace, name: SourceName, settings: GivenSettings): Partial<SourceSettings> {
    const { signature, ...rest } = settings;
    if (signature === undefined || signature === null)
      return { ...rest, ...(signature === null ? { signature } : {}) };
    const { scheme, secret } = signature;
    return {
      ...rest,
      signature: { scheme, sealedSecret: sealSecret(this.parts.keys, workspace, name, secret) },
    };
  }

  /** A source is never removed, so what was changed a moment ago is there. */
  #done<Outcome extends string>(
    outcome: Outcome,
    workspace: Workspace,
    name: SourceName,
    { position }: Written,
  ): SourceDone<Outcome> {
    const source = this.parts.follower.state(workspace).sources.get(name) as Source;
    return { outcome, source, position };
  }
}

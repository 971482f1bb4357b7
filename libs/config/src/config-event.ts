import type { RecordedEvent } from '#event-log';
import type { RuleChanges } from '#identity';
import type { EventId, SourceName, Trust } from '#kernel';
import { toJsonBytes } from '#kernel';
import type { ChannelRules } from './channel-rules/channel-rules.ts';
import type { GuessedPair } from './correction/verdict.ts';
import { UnreadableConfig } from './errors.ts';
import type { JsonSchema, SchemaTarget } from './event-schema/event-schema.ts';
import type { FitReason, FitRequest } from './fit/fit.ts';
import type { IdentityOrder } from './identity-command/identity-command.ts';
import type { NationalIdsUse } from './national-ids/national-ids.ts';
import type { QualityRule } from './quality-rule/quality-rule.ts';
import type { SourceSettings } from './source/source.ts';

/** Version of the events' bodies. Raised with every change that an older reader would get wrong. */
export const CONFIG_SCHEMA = 1;

/** What every configuration event says. */
export interface Authorship {
  /** Who did it: the role of an API key. No personal data. */
  readonly actor: string;
  /** Ms since 1970 UTC. */
  readonly at: number;
}

/** A source exists from now on. Settings that came later are absent in older events. */
export interface SourceCreated
  extends Authorship, Omit<SourceSettings, 'country'>, Partial<Pick<SourceSettings, 'country'>> {
  readonly type: 'SourceCreated';
  readonly source: SourceName;
  readonly trust: Trust;
}

/** Settings that a source has from now on; absent ones stay. */
export interface SourceChanged extends Authorship, Partial<SourceSettings> {
  readonly type: 'SourceChanged';
  readonly source: SourceName;
}

/** A source has a further key. */
export interface WriteKeyIssued extends Authorship {
  readonly type: 'WriteKeyIssued';
  readonly source: SourceName;
  readonly keyId: string;
  readonly mark: string;
  readonly hint: string;
}

/** A key has an end. Says all of the key, because one of the environment was never issued in the log. */
export interface WriteKeyEnds extends Authorship {
  readonly type: 'WriteKeyEnds';
  readonly source: SourceName;
  readonly keyId: string;
  readonly mark: string;
  readonly hint: string;
  /** Ms since 1970 UTC. */
  readonly endsAt: number;
}

/** The events of a target have this schema from now on. */
export interface EventSchemaSet extends Authorship, SchemaTarget {
  readonly type: 'EventSchemaSet';
  readonly definition: JsonSchema;
}

/** The events of a target have no schema any more. */
export interface EventSchemaRemoved extends Authorship, SchemaTarget {
  readonly type: 'EventSchemaRemoved';
}

/** An operator ordered something about people; identity folds it at its place in the log. */
export interface IdentityCommanded extends Authorship {
  readonly type: 'IdentityCommanded';
  readonly commandId: EventId;
  readonly order: IdentityOrder;
  readonly reason: string;
}

/** People are told apart by these rules from now on: the projections are built anew with them. */
export interface IdentityRulesPublished extends Authorship {
  readonly type: 'IdentityRulesPublished';
  /** From 1, without gaps. */
  readonly version: number;
  /** Differences to the defaults. Identifiers stand here as refs. */
  readonly changes: RuleChanges;
  readonly reason: string;
}

/** A fit of a model was asked for. */
export interface FitRequested extends Authorship {
  readonly type: 'FitRequested';
  readonly runId: EventId;
  readonly request: FitRequest;
  /** Name of the schedule that asked; `null`: somebody did. */
  readonly schedule: string | null;
}

/** A fit ended. */
export interface FitEnded extends Authorship {
  readonly type: 'FitEnded';
  readonly runId: EventId;
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly reason: FitReason | null;
  readonly result: object | null;
}

/** A fit is asked for again and again from now on. */
export interface FitScheduleSet extends Authorship {
  readonly type: 'FitScheduleSet';
  readonly name: string;
  readonly request: FitRequest;
  readonly everyHours: number;
}

/** A schedule has ended. */
export interface FitScheduleRemoved extends Authorship {
  readonly type: 'FitScheduleRemoved';
  readonly name: string;
}

/** A question has this name from now on, instead of the one that may have had it. */
export interface ReportSaved extends Authorship {
  readonly type: 'ReportSaved';
  readonly report: string;
  readonly kind: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

/** A name stands for no question any more. */
export interface ReportRemoved extends Authorship {
  readonly type: 'ReportRemoved';
  readonly report: string;
}

/** Touches are put into channels by these rules from now on, whenever they were. */
export interface ChannelRulesSet extends Authorship {
  readonly type: 'ChannelRulesSet';
  readonly rules: ChannelRules;
}

/** Days, weeks and months of questions are cut in this time zone from now on, where they name none. */
export interface TimeZoneSet extends Authorship {
  readonly type: 'TimeZoneSet';
  /** IANA name. */
  readonly timeZone: string;
}

/** Somebody said of a guessed identifier that it is, or is not, what was meant. Identity hears of the former. */
export interface CorrectionDecided extends Authorship, GuessedPair {
  readonly type: 'CorrectionConfirmed' | 'CorrectionRejected';
  readonly commandId: EventId;
  readonly fromNamespace: string;
  readonly toNamespace: string;
  readonly reason: string;
}

/** National ids are identifiers from now on, or no longer. */
export interface NationalIdsChanged extends Authorship {
  readonly type: 'NationalIdsChanged';
  /** `null`: they are not used. */
  readonly use: NationalIdsUse | null;
}

/** A rule of data quality is in force from now on. */
export interface QualityRuleSet extends Authorship, Omit<QualityRule, 'setAt'> {
  readonly type: 'QualityRuleSet';
}

/** A rule of data quality is in force no longer. */
export interface QualityRuleRemoved extends Authorship {
  readonly type: 'QualityRuleRemoved';
  readonly name: string;
}

/** What operators configured and ordered, one step at a time. */
export type ConfigEvent =
  | SourceCreated
  | SourceChanged
  | WriteKeyIssued
  | WriteKeyEnds
  | EventSchemaSet
  | EventSchemaRemoved
  | IdentityCommanded
  | IdentityRulesPublished
  | FitRequested
  | FitEnded
  | FitScheduleSet
  | FitScheduleRemoved
  | ReportSaved
  | ReportRemoved
  | ChannelRulesSet
  | TimeZoneSet
  | CorrectionDecided
  | NationalIdsChanged
  | QualityRuleSet
  | QualityRuleRemoved;

const TYPES: ReadonlySet<string> = new Set<ConfigEvent['type']>([
  'SourceCreated',
  'SourceChanged',
  'WriteKeyIssued',
  'WriteKeyEnds',
  'EventSchemaSet',
  'EventSchemaRemoved',
  'IdentityCommanded',
  'IdentityRulesPublished',
  'FitRequested',
  'FitEnded',
  'FitScheduleSet',
  'FitScheduleRemoved',
  'ReportSaved',
  'ReportRemoved',
  'ChannelRulesSet',
  'TimeZoneSet',
  'CorrectionConfirmed',
  'CorrectionRejected',
  'NationalIdsChanged',
  'QualityRuleSet',
  'QualityRuleRemoved',
]);

/** The body of an event, as the log keeps it. */
export function encodeConfigEvent({ type: _type, ...body }: ConfigEvent): Buffer {
  return toJsonBytes({ schema: CONFIG_SCHEMA, ...body });
}

/**
 * Reads an event; `undefined` for a type that this version does not know. Throws `UnreadableConfig` for a newer
 * version of a type that it knows: to go on without it could keep a revoked key alive.
 */
export function decodeConfigEvent({
  type,
  data,
}: Pick<RecordedEvent, 'type' | 'data'>): ConfigEvent | undefined {
  if (!TYPES.has(type)) return undefined;
  let body: { readonly schema: unknown };
  try {
    body = JSON.parse(data.toString('utf8')) as { readonly schema: unknown };
  } catch (error) {
    throw new UnreadableConfig(`a ${type} in the log is not JSON`, { cause: error });
  }
  const { schema, ...rest } = body;
  if (schema !== CONFIG_SCHEMA) {
    throw new UnreadableConfig(`a ${type} in the log has schema ${String(schema)}, this version reads 1`);
  }
  return { type, ...rest } as ConfigEvent;
}

import type { Workspace } from '#kernel';
import type { ChannelRules } from './channel-rules/channel-rules.ts';
import type { ConfigEvent } from './config-event.ts';
import { pairKey } from './correction/verdict.ts';
import type { Verdicts } from './correction/verdict.ts';
import { foldSchema } from './event-schema/fold-schema.ts';
import type { Schemas } from './event-schema/fold-schema.ts';
import { foldFit, foldFitSchedule } from './fit/fold-fit.ts';
import type { Fits, FitSchedules } from './fit/fold-fit.ts';
import { foldCommand } from './identity-command/fold-command.ts';
import type { IdentityCommands } from './identity-command/fold-command.ts';
import { foldRules } from './identity-rules/fold-rules.ts';
import type { RuleVersions } from './identity-rules/identity-rules.ts';
import { foldReport } from './report/fold-report.ts';
import type { Reports } from './report/report.ts';
import type { NationalIdsUse } from './national-ids/national-ids.ts';
import type { QualityRules } from './quality-rule/quality-rule.ts';
import { foldSource } from './source/fold-source.ts';
import type { Sources } from './source/fold-source.ts';

/** What the operators of a workspace configured, up to a revision of its stream. Never changed in place. */
export interface ConfigState {
  readonly workspace: Workspace;
  /** Revision of the last event folded; `-1n`: none. */
  readonly revision: bigint;
  readonly sources: Sources;
  readonly schemas: Schemas;
  readonly commands: IdentityCommands;
  readonly identityRules: RuleVersions;
  readonly fits: Fits;
  readonly fitSchedules: FitSchedules;
  readonly reports: Reports;
  readonly channelRules: ChannelRules;
  /** IANA name of the time zone of days, weeks and months. */
  readonly timeZone: string;
  readonly verdicts: Verdicts;
  /** `null`: national ids are no identifiers. */
  readonly nationalIds: NationalIdsUse | null;
  readonly qualityRules: QualityRules;
}

/** A workspace in which nobody configured anything. */
export function emptyConfig(workspace: Workspace): ConfigState {
  return {
    workspace,
    revision: -1n,
    sources: new Map(),
    schemas: new Map(),
    commands: new Map(),
    identityRules: [],
    fits: new Map(),
    fitSchedules: new Map(),
    reports: new Map(),
    channelRules: null,
    timeZone: 'UTC',
    verdicts: new Map(),
    nationalIds: null,
    qualityRules: new Map(),
  };
}

/** The configuration after the next event of the stream; `undefined` is one that this version does not know. */
export function foldConfig(state: ConfigState, event: ConfigEvent | undefined): ConfigState {
  const revision = state.revision + 1n;
  switch (event?.type) {
    case undefined:
      return { ...state, revision };
    case 'SourceCreated':
    case 'SourceChanged':
    case 'WriteKeyIssued':
    case 'WriteKeyEnds':
      return { ...state, revision, sources: foldSource(state.workspace, state.sources, event) };
    case 'EventSchemaSet':
    case 'EventSchemaRemoved':
      return { ...state, revision, schemas: foldSchema(state.schemas, event) };
    case 'IdentityCommanded':
      return { ...state, revision, commands: foldCommand(state.commands, event) };
    case 'IdentityRulesPublished':
      return { ...state, revision, identityRules: foldRules(state.identityRules, event) };
    case 'FitRequested':
    case 'FitEnded':
      return { ...state, revision, fits: foldFit(state.fits, event) };
    case 'FitScheduleSet':
    case 'FitScheduleRemoved':
      return { ...state, revision, fitSchedules: foldFitSchedule(state.fitSchedules, event) };
    case 'ReportSaved':
    case 'ReportRemoved':
      return { ...state, revision, reports: foldReport(state.reports, event) };
    case 'ChannelRulesSet':
      return { ...state, revision, channelRules: event.rules };
    case 'TimeZoneSet':
      return { ...state, revision, timeZone: event.timeZone };
    case 'CorrectionConfirmed':
    case 'CorrectionRejected': {
      const verdict = event.type === 'CorrectionConfirmed' ? 'confirmed' : 'rejected';
      return { ...state, revision, verdicts: new Map(state.verdicts).set(pairKey(event), verdict) };
    }
    case 'NationalIdsChanged':
      return { ...state, revision, nationalIds: event.use };
    case 'QualityRuleSet': {
      const { name, source, condition, at } = event;
      const rule = { name, source, condition, setAt: at };
      return { ...state, revision, qualityRules: new Map(state.qualityRules).set(name, rule) };
    }
    case 'QualityRuleRemoved': {
      const qualityRules = new Map(state.qualityRules);
      qualityRules.delete(event.name);
      return { ...state, revision, qualityRules };
    }
  }
}

const PREFIX = 'config-';

/** Prefix of the streams that hold configuration. */
export const CONFIG_STREAMS = PREFIX;

/** The stream of a workspace's configuration. */
export function configStream(workspace: Workspace): string {
  return `${PREFIX}${workspace}`;
}

/** The workspace of a configuration stream. */
export function workspaceOf(stream: string): Workspace {
  return stream.slice(PREFIX.length) as Workspace;
}

import { checkEvent, schemaFor } from '#config';
import type { ConfigFollower, ConfigState, Source, Violation } from '#config';
import type { SourceName } from '#kernel';
import type { Accepted, ItemWarning, Refused, Touchpoint, TouchpointKind } from '#touchpoint';

/** Told of every touchpoint that breaks its schema. */
export type ViolationObserver = (broken: {
  readonly source: string;
  readonly outcome: 'kept' | 'refused';
}) => void;

/** Flag of a touchpoint that breaks its schema. */
const FLAG = 'schema_violation';

/** Holds touchpoints to the schemas of their workspace. What breaks one is marked, and kept unless its source refuses. */
export class EventSchemas {
  constructor(
    private readonly config: ConfigFollower,
    private readonly observe: ViolationObserver,
  ) {}

  /** The verdict on an accepted item after its schema was asked. */
  judge({ workspace, source, onViolation }: Source, verdict: Accepted): Accepted | Refused {
    const state = this.config.state(workspace);
    if (state.schemas.size === 0) return verdict;
    const { touchpoint } = verdict;
    const { payload, index } = touchpoint;
    const kind = touchpoint.kind as TouchpointKind;
    const violations = checkEvent(state, { workspace, source, kind, event: payload.event, payload });
    if (violations.length === 0) return isUnplanned(state, touchpoint) ? unplanned(verdict) : verdict;
    const part = kind === 'identify' || kind === 'group' ? 'traits' : 'properties';
    const faults = violations.map((violation) => ({ index, ...faultOf(violation, part) }));
    if (onViolation === 'refuse') {
      this.observe({ source, outcome: 'refused' });
      return { outcome: 'refused', error: faults[0] as ItemWarning };
    }
    this.observe({ source, outcome: 'kept' });
    return {
      outcome: 'accepted',
      touchpoint: marked(touchpoint, violations, part),
      warnings: [...verdict.warnings, ...faults],
    };
  }
}

/** Flag of a track whose name no schema knows, where others of its source have one. */
const UNKNOWN = 'unknown_event';

function isUnplanned(state: ConfigState, { source, kind, payload: { event } }: Touchpoint): boolean {
  if (kind !== 'track' || schemaFor(state, { kind, event, source }) !== undefined) return false;
  const sources = plannedSources(state.schemas);
  return sources.has(null) || sources.has(source);
}

const planned = new WeakMap<ConfigState['schemas'], ReadonlySet<SourceName | null>>();

/** Sources that have a schema for some track; `null`: all have one. Kept per configuration: it is asked per event. */
function plannedSources(schemas: ConfigState['schemas']): ReadonlySet<SourceName | null> {
  let sources = planned.get(schemas);
  if (sources === undefined) {
    const tracks = [...schemas.values()].filter(({ kind }) => kind === 'track');
    planned.set(schemas, (sources = new Set(tracks.map(({ source }) => source))));
  }
  return sources;
}

function unplanned(verdict: Accepted): Accepted {
  const { touchpoint } = verdict;
  const { payload } = touchpoint;
  const flags = [...(payload.flags ?? []), UNKNOWN];
  return { ...verdict, touchpoint: { ...touchpoint, payload: { ...payload, flags } } };
}

function faultOf({ path, message }: Violation, part: string): Omit<ItemWarning, 'index'> {
  const field = path === '' ? part : `${part}.${path}`;
  return { code: FLAG, field, message: `${field} ${message}` };
}

function marked(touchpoint: Touchpoint, violations: readonly Violation[], part: string): Touchpoint {
  const { payload } = touchpoint;
  const told = violations.map(({ path, keyword }) => `${part}${path === '' ? '' : `.${path}`}: ${keyword}`);
  const flags = [...(payload.flags ?? []), FLAG];
  return { ...touchpoint, payload: { ...payload, flags, violations: [...new Set(told)] } };
}

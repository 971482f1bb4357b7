import { checkEvent } from '#config';
import type { ConfigFollower, Source, Violation } from '#config';
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
    if (violations.length === 0) return verdict;
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
